using System.Net;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.PartnerCenter;

namespace Concordat.Server.Hosting;

/// <summary>The web application: every service and every route of the process on one screen.</summary>
internal static class Web
{
    public static WebApplication Build(ServerOptions options, string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables("CONCORDAT_");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBodies.Limit;
            if (options.IsSandbox || builder.Configuration["Urls"] is null)
            {
                kestrel.Listen(IPAddress.Loopback, options.Port);
            }
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddRouting();
        return builder.Build();
    }

    public static void Map(WebApplication app, Parts parts, Authentication authentication)
    {
        var log = app.Logger;
        app.Use(next => http => WireBoundary.RunAsync(http, next, parts, log));
        app.UseRouting();
        var guard = new Guard(authentication, parts);
        var limits = app.Configuration.GetSection("Throttling").Get<ThrottleLimits>() ?? new ThrottleLimits();
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
        Health.Map(app, parts, app.Lifetime);
    }
}
