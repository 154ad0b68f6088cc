using System.Net;
using System.Security.Cryptography;
using Concordat.Server.Background;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.SignIn;

namespace Concordat.Server.Sandbox;

/// <summary>A sandbox that listens. Disposing it drains and stops the web server; the parts stay the caller's.</summary>
internal sealed class RunningSandbox(
    WebApplication app, BackgroundWork background, SandboxFile file, SandboxClock clock, string baseUrl, TelemetryExport? export) : IAsyncDisposable
{
    public WebApplication App { get; } = app;

    public SandboxFile File { get; } = file;

    public SandboxClock Clock { get; } = clock;

    public string BaseUrl { get; } = baseUrl;

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await background.DisposeAsync();
        export?.Dispose();
    }
}

/// <summary>Runs the sandbox: own token issuer, seeded people and customers, remote control, files for storefront tests.</summary>
internal static class SandboxHost
{
    public static async Task<int> RunAsync(ServerOptions options)
    {
        using var logs = Logs.Create(json: false, LogLevel.Information);
        options = options.WithPort();
        await using (var parts = await Parts.OpenAsync(options, logs, CancellationToken.None))
        {
            using var key = TokenIssuerKey.Open(Path.Combine(options.DataDirectory, "issuer.pem"));
            await using var sandbox = await StartAsync(parts, key);
            Announce(options, parts, sandbox);
            await sandbox.App.WaitForShutdownAsync();
        }

        // Last, as whoever waits for the end watches this file: the directory is free now.
        File.Delete(Path.Combine(options.DataDirectory, "server.pid"));
        return 0;
    }

    /// <summary>
    /// Seeds what is empty and listens where the parts' options say; <paramref name="key"/> signs the tokens, <paramref name="more"/>
    /// adds routes (tests).
    /// </summary>
    public static async Task<RunningSandbox> StartAsync(Parts parts, RSA key, ThrottleLimits? limits = null, Action<WebApplication>? more = null)
    {
        var baseUrl = parts.PublicUrl;
        var issuer = new TokenIssuer(new Uri(baseUrl), key, parts.Context.Ids, parts.Context.Clocks.Wall);
        var identity = new IdentityOptions { Issuers = [issuer.Options] };
        var seed = new Seed(parts.Context, parts.Directory, parts.Options.StorefrontUrl);
        await seed.RunAsync();
        var renewals = new Renewals(parts.Context, new ScheduledMigrations(parts.Context, parts.Transactions, parts.Directory));
        var clock = new SandboxClock(parts.Context, renewals);
        await clock.RestoreAsync();
        await renewals.RunDueAsync();

        var authentication = parts.Authenticate(identity, issuer);
        var signIn = SignInOf(parts);
        var codes = new AuthorizationCodes(parts.Context.Ids, parts.Context.Clocks.Wall);
        var app = Web.Build(kestrel => kestrel.Listen(IPAddress.Loopback, parts.Options.Port), parts,
            new SignInFlow(signIn, parts, authentication.Validator), new SandboxSignIn(codes, () => SeedPlan.Directory, signIn.RedirectUri, parts));
        var export = TelemetryExport.StartIfAsked(parts, authentication);
        var gate = new SandboxGate();
        app.Use(next => http => gate.PassAsync(http, next));
        Web.Map(app, parts, authentication, limits ?? new ThrottleLimits(), measured: export is not null);
        app.MapTokenIssuer(issuer, () => SeedPlan.Directory, identity.Audiences, codes);
        new SandboxControl(clock, parts, gate, () => ResetAsync(parts, seed, clock, renewals)).Map(app);
        more?.Invoke(app);
        await app.StartAsync();
        return new RunningSandbox(app, BackgroundWork.Start(parts), new SandboxFile(issuer, baseUrl, parts.Options.StorefrontUrl), clock, baseUrl, export);
    }

    /// <summary>The pages sign people in at the sandbox's own issuer, by the same way as at Entra ID.</summary>
    private static SignInOptions SignInOf(Parts parts) => new()
    {
        PublicUrl = parts.PublicUrl,
        Authority = new Uri(parts.PublicUrl),
        Client = SeedPlan.Directory.Portal.AppId,
        Proof = new ClientProof(SeedPlan.Directory.Portal.Secret!),
    };

    /// <summary>Empties the database and seeds it anew; ids stay the same, so tokens and sandbox.json stay good.</summary>
    private static async Task ResetAsync(Parts parts, Seed seed, SandboxClock clock, Renewals renewals)
    {
        _ = (await parts.Context.Loop.RunAsync(new Operations.EmptySandbox())).Value;
        parts.Mailbox?.Clear();
        parts.Context.Standings.Clear();
        await seed.RunAsync();
        await clock.RestoreAsync();
        await renewals.RunDueAsync();
        await parts.Feed.ReloadAsync();
    }

    // server.pid comes last: whoever waits for it finds everything else in place.
    private static void Announce(ServerOptions options, Parts parts, RunningSandbox sandbox)
    {
        File.WriteAllText(Path.Combine(options.DataDirectory, "sandbox.json"), sandbox.File.ToText());
        Console.WriteLine(Welcome.Text(sandbox.File, sandbox.BaseUrl, options, parts.Context));
        File.WriteAllText(Path.Combine(options.DataDirectory, "server.pid"), $"{Environment.ProcessId}\n");
    }
}
