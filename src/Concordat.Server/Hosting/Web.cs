using Concordat.Server.Api;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.PartnerCenter;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Concordat.Server.Hosting;

/// <summary>The web application: every service and every route of the process on one screen.</summary>
internal static class Web
{
    /// <summary>
    /// An application without any of the framework's own sources of configuration: what is not in our settings cannot
    /// change how it runs.
    /// </summary>
    public static WebApplication Build(Action<KestrelServerOptions> listen, Parts parts, params IReadOnlyList<object> forPages)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            // Where the pages are; tests start the server from a program of their own.
            ApplicationName = typeof(Web).Assembly.GetName().Name,
        });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBodies.Limit;
            listen(kestrel);
        });
        builder.Services.AddSingleton(parts.Logs);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(14));
        builder.Services.AddRouting();
        OpenApiText.Add(builder.Services);
        PageSetup.Add(builder.Services, parts);
        foreach (var service in forPages)
        {
            builder.Services.AddSingleton(service.GetType(), service);
        }

        return builder.Build();
    }

    public static void Map(WebApplication app, Parts parts, Authentication authentication, ThrottleLimits limits, bool measured)
    {
        if (measured)
        {
            app.Use(next => http => RequestTelemetry.RunAsync(http, next));
        }

        app.Use(next => http => SecurityHeaders.RunAsync(http, next));
        var boundary = new Boundary([("/v1", WireRoutes.Edge), ("/api", ApiRoutes.Edge)], parts.Context.Ids, app.Logger);
        app.Use(next => http => boundary.RunAsync(http, next));
        PageSetup.UseErrors(app);
        app.UseRouting();
        var pageGuard = new PageGuard(app.Services.GetRequiredService<SignInFlow>(), parts);
        app.Use(next => http => pageGuard.RunAsync(http, next));
        var guard = new Guard(authentication, parts);
        var wire = new WireRoutes(app, guard, new Throttle(parts.Context.Clocks.Wall, limits));
        Agreements.Map(wire);
        Orders.Map(wire);
        Customers.Map(wire);
        CustomerProfiles.Map(wire);
        Relationships.Map(wire);
        Validations.Map(wire);
        TemplateDocuments.Map(wire);
        TemplateDocuments.MapFiles(app, parts);
        Carts.Map(wire);
        Subscriptions.Map(wire);
        Upgrades.Map(wire);
        Transitions.Map(wire);
        Conversions.Map(wire);
        Migrations.Map(wire);
        MigrationSchedules.Map(wire);
        ProductUpgrades.Map(wire);
        BulkTool.Map(wire);
        EnhancedAttestations.Map(wire);
        var api = new ApiRoutes(app, guard);
        Ping.Map(api);
        Precheck.Map(api, parts);
        StandingOfCustomer.Map(api);
        Explanations.Map(api);
        Forecast.Map(api);
        Records.Map(api);
        LedgerFiles.Map(app, parts);
        AttestationList.Map(api);
        Notices.Map(api);
        DisputesOfCustomer.Map(api);
        Corrections.Map(api);
        InvitationsOfCustomer.Map(api);
        OpenApiText.Map(app);
        PageSetup.Map(app);
        Health.Map(app, parts, app.Lifetime);
    }
}
