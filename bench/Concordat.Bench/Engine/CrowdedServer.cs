using System.Globalization;
using Concordat.Server.Hosting;
using Concordat.Server.Sandbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Concordat.Bench.Engine;

/// <summary>
/// The product's sandbox in this process with N more standings in its cache:
/// <c>crowded --port P --data DIR --customers N</c>. Ten million customers are put into memory and not into the database,
/// because a pre-check reads memory only; DIR/bytes holds the bytes of live memory that each of them costs.
/// </summary>
internal static class CrowdedServer
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var directory = arguments.Text("--data")!;
        var customers = arguments.Number("--customers", 1000);
        var options = new ServerOptions("sandbox", (int)arguments.Number("--port", 0), directory, null, Fresh: false).WithPort();
        await using var parts = await Parts.OpenAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        using var key = TokenIssuerKey.Open(Path.Combine(directory, "issuer.pem"));
        await using var sandbox = await SandboxHost.StartAsync(parts, key);
        while (!parts.Context.Standings.Complete)
        {
            // The feed begins by forgetting everything: the crowd comes after it.
            await Task.Delay(20);
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var standing = Crowd.Attested;
        for (var number = 0L; number < customers; number++)
        {
            parts.Context.Standings.Load(Crowd.Partner.Id, Crowd.IdOf(number), standing, active: true);
        }

        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / customers;
        await File.WriteAllTextAsync(Path.Combine(directory, "bytes"), bytes.ToString(CultureInfo.InvariantCulture));
        await File.WriteAllTextAsync(Path.Combine(directory, "sandbox.json"), sandbox.File.ToText());
        await sandbox.App.WaitForShutdownAsync();
        return 0;
    }
}
