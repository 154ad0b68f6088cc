using Concordat.Server.Hosting.Configuration;

namespace Concordat.Server.Hosting;

/// <summary>The commands that end by themselves: <c>migrate</c>, <c>check</c>, <c>partner</c> and <c>ledger</c>.</summary>
internal static class Administration
{
    /// <summary>Does what a start does (so the schema is brought up to date), then the command; prints one answer.</summary>
    public static async Task<int> RunAsync(CommandLine line, Settings settings, TextWriter output)
    {
        using var logs = Logs.Create(json: true, LogLevel.Warning);
        await using var parts = await Parts.OpenAsync(settings.Options, logs, CancellationToken.None);
        await StartupChecks.RunAsync(parts);
        if (line.Command.StartsWith("ledger ", StringComparison.Ordinal))
        {
            return await LedgerAdministration.RunAsync(line, parts, output);
        }

        await output.WriteLineAsync(line.Command switch
        {
            "migrate" => "The schema is up to date.",
            "check" => "Configuration, master key, database and clock are fit for production.",
            "partner add" => await PartnerAdministration.AddAsync(line, parts),
            _ => await PartnerAdministration.ListAsync(parts),
        });
        return 0;
    }
}
