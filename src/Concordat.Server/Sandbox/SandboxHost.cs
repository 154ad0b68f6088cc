using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Concordat.Server.Background;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Sandbox;

/// <summary>A sandbox that listens. Disposing it drains and stops the web server; the parts stay the caller's.</summary>
internal sealed class RunningSandbox(WebApplication app, BackgroundWork background, SandboxFile file, SandboxClock clock, string baseUrl)
    : IAsyncDisposable
{
    public WebApplication App { get; } = app;

    public SandboxFile File { get; } = file;

    public SandboxClock Clock { get; } = clock;

    public string BaseUrl { get; } = baseUrl;

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await background.DisposeAsync();
    }
}

/// <summary>Runs the sandbox: own token issuer, seeded people and customers, remote control, files for storefront tests.</summary>
internal static class SandboxHost
{
    public static async Task<int> RunAsync(ServerOptions options, Parts parts, string[] args)
    {
        using var key = TokenIssuerKey.Open(Path.Combine(options.DataDirectory, "issuer.pem"));
        await using var sandbox = await StartAsync(options, parts, key, args);
        Announce(options, sandbox.File, sandbox.BaseUrl);
        await sandbox.App.WaitForShutdownAsync();
        File.Delete(Path.Combine(options.DataDirectory, "server.pid"));
        return 0;
    }

    /// <summary>Seeds what is empty and listens; <paramref name="key"/> signs the tokens.</summary>
    public static async Task<RunningSandbox> StartAsync(ServerOptions asked, Parts parts, RSA key, string[] args)
    {
        var options = asked.Port == 0 ? asked with { Port = FreePort() } : asked;
        var baseUrl = $"http://127.0.0.1:{options.Port}";
        var issuer = new TokenIssuer(new Uri(baseUrl), key, parts.Context.Ids, parts.Context.Clocks.Wall);
        var identity = new IdentityOptions { Issuers = [issuer.Options] };
        var seed = new Seed(parts.Context, parts.Directory);
        await seed.RunAsync();
        var renewals = new Renewals(parts.Context);
        var clock = new SandboxClock(parts.Context, renewals);
        await clock.RestoreAsync();
        await renewals.RunDueAsync();

        var reset = new SandboxReset(parts, seed, clock, renewals);
        var app = Web.Build(options, args);
        app.Use(next => http => reset.HoldBackAsync(http, next));
        Web.Map(app, parts, parts.Authenticate(identity, issuer));
        app.MapTokenIssuer(issuer, () => SeedPlan.Directory, identity.Audiences);
        new SandboxControl(clock, parts, reset.RunAsync).Map(app);
        await app.StartAsync();
        return new RunningSandbox(app, BackgroundWork.Start(parts), new SandboxFile(issuer, baseUrl), clock, baseUrl);
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
