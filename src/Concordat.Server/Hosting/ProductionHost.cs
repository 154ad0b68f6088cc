using Concordat.Server.Background;
using Concordat.Server.Hosting.Configuration;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.SignIn;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Npgsql;

namespace Concordat.Server.Hosting;

/// <summary>Runs the service for real tenants: tokens of Entra ID, no sandbox endpoints, partners from the database.</summary>
internal static class ProductionHost
{
    public static async Task<int> RunAsync(Settings settings)
    {
        using var logs = Logs.Create(json: true, settings.LogLevel);
        var log = logs.CreateLogger(nameof(Concordat));
        await using (var parts = await Parts.OpenAsync(settings.Options, logs, CancellationToken.None))
        {
            await StartupChecks.RunAsync(parts);
            await using var background = BackgroundWork.Start(parts);
            await using var app = await StartAsync(settings, parts);
            using var ending = new CancellationTokenSource();
            var refreshing = RefreshAsync(parts.Directory, log, ending.Token);
            LogEvents.Listening(log, string.Join(", ", app.Urls));
            await app.WaitForShutdownAsync();
            await ending.CancelAsync();
            await refreshing;
        }

        LogEvents.Stopped(log);
        return 0;
    }

    /// <summary>Listens where <paramref name="settings"/> say. Disposing it drains and stops the web server.</summary>
    public static async Task<WebApplication> StartAsync(Settings settings, Parts parts)
    {
        await parts.Directory.RefreshAsync();
        var authentication = parts.Authenticate(settings.Identity, issuer: null);
        var app = Web.Build(kestrel => Listen(kestrel, settings), parts, new SignInFlow(settings.SignIn, parts, authentication.Validator));
        var export = TelemetryExport.StartIfAsked(parts, authentication);
        app.Lifetime.ApplicationStopped.Register(() => export?.Dispose());
        Web.Map(app, parts, authentication, settings.Limits, measured: export is not null);
        await app.StartAsync();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, Settings settings)
    {
        foreach (var address in settings.Addresses)
        {
            kestrel.Listen(address.EndPoint, listen =>
            {
                if (address.Tls)
                {
                    listen.UseHttps(settings.Certificate!);
                }
            });
        }
    }

    /// <summary>Another node, or the command line, may have changed a partner.</summary>
    private static async Task RefreshAsync(PartnerDirectory directory, ILogger log, CancellationToken ending)
    {
        using var timer = new PeriodicTimer(PartnerDirectory.RefreshEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(ending))
            {
                try
                {
                    await directory.RefreshAsync();
                }
                catch (Exception error) when (error is NpgsqlException or TimeoutException)
                {
                    LogEvents.DirectoryNotRead(log, error);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server is stopping.
        }
    }
}
