using System.Net;
using System.Net.Sockets;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Sandbox;

/// <summary>Runs the sandbox: own token issuer, seeded people and customers, remote control, files for storefront tests.</summary>
internal static class SandboxHost
{
    public static async Task<int> RunAsync(ServerOptions asked, Parts parts, string[] args)
    {
        var options = asked.Port == 0 ? asked with { Port = FreePort() } : asked;
        var baseUrl = $"http://127.0.0.1:{options.Port}";
        using var key = TokenIssuerKey.Open(Path.Combine(options.DataDirectory, "issuer.pem"));
        var issuer = new TokenIssuer(new Uri(baseUrl), key, parts.Context.Ids, parts.Context.Clocks.Wall);
        var identity = new IdentityOptions { Issuers = [issuer.Options] };

        var seed = new Seed(parts.Context, parts.Directory);
        await seed.RunAsync();
        var clock = new SandboxClock(parts.Context);
        await clock.RestoreAsync();

        await using var app = Web.Build(options, args);
        Web.Map(app, parts, parts.Authenticate(identity, issuer));
        app.MapTokenIssuer(issuer, () => SeedPlan.Directory, identity.Audiences);
        new SandboxControl(clock, parts, () => ResetAsync(parts, seed, clock)).Map(app);
        await app.StartAsync();
        Announce(options, new SandboxFile(issuer, baseUrl), baseUrl);
        await app.WaitForShutdownAsync();
        File.Delete(Path.Combine(options.DataDirectory, "server.pid"));
        return 0;
    }

    /// <summary>Empties the database and seeds it anew; ids stay the same, so tokens and sandbox.json stay good.</summary>
    private static async Task ResetAsync(Parts parts, Seed seed, SandboxClock clock)
    {
        _ = (await parts.Context.Loop.RunAsync(new Operations.EmptySandbox())).Value;
        parts.Context.Standings.Clear();
        await seed.RunAsync();
        await clock.RestoreAsync();
    }

    // server.pid comes last: whoever waits for it finds everything else in place.
    private static void Announce(ServerOptions options, SandboxFile file, string baseUrl)
    {
        File.WriteAllText(Path.Combine(options.DataDirectory, "sandbox.json"), file.ToText());
        Console.WriteLine(Welcome.Text(file, baseUrl, options.DataDirectory));
        File.WriteAllText(Path.Combine(options.DataDirectory, "server.pid"), $"{Environment.ProcessId}\n");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
