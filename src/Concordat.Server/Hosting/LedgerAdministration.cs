using Concordat.Core.Ledger;
using Concordat.Server.Hosting.Configuration;
using Concordat.Server.Operations;
using Concordat.Server.Operations.Sequencing;

namespace Concordat.Server.Hosting;

/// <summary>The commands about the ledger: <c>ledger policy</c>, <c>ledger check</c> and <c>ledger rotate-key</c>.</summary>
internal static class LedgerAdministration
{
    /// <summary>Exit code of a check that found something.</summary>
    public const int Faulty = 4;

    public static async Task<int> RunAsync(CommandLine line, Parts parts, TextWriter output) => line.Command switch
    {
        "ledger policy" => await PolicyAsync(parts, output),
        "ledger check" => await CheckAsync(line, parts, output),
        _ => await RotateAsync(parts, output),
    };

    private static async Task<int> PolicyAsync(Parts parts, TextWriter output)
    {
        await output.WriteAsync((await parts.Database.ReadSharedAsync(LedgerKeys.PolicyAsync)).ToString());
        return 0;
    }

    private static async Task<int> CheckAsync(CommandLine line, Parts parts, TextWriter output)
    {
        var policy = line.Find("--policy") is { } file
            ? LedgerPolicy.Parse(await File.ReadAllTextAsync(file))
            : await parts.Database.ReadSharedAsync(LedgerKeys.PolicyAsync);
        if (!policy.TryGetValue(out var trusted, out var problem))
        {
            throw new UsageException(problem.Message);
        }

        var (size, faults) = await LedgerCheck.RunAsync(parts.Database, trusted);
        foreach (var fault in faults.Concat(parts.Sequencer.Fault is { } anchor ? [anchor] : []))
        {
            await output.WriteLineAsync(fault);
        }

        var sound = faults.Count == 0 && parts.Sequencer.Fault is null;
        await output.WriteLineAsync(FormattableString.Invariant($"{size} entries, {(sound ? "all as they were signed." : "not as they were signed.")}"));
        return sound ? 0 : Faulty;
    }

    private static async Task<int> RotateAsync(Parts parts, TextWriter output)
    {
        var made = (await parts.Context.Loop.RunAsync(new RotateLedgerKey(parts.Context, parts.LedgerKeys))).Value;
        await output.WriteLineAsync($"log {made}");
        return 0;
    }
}
