using Concordat.Server.Background;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Hosting;

/// <summary>Configuration with which the service must not run; the message is one line.</summary>
internal sealed class UnsafeConfigurationException(string message) : Exception(message);

/// <summary>Runs the service for real tenants: tokens of Entra ID, no sandbox endpoints, partners from the database.</summary>
internal static class ProductionHost
{
    public static async Task<int> RunAsync(ServerOptions options, Parts parts, string[] args)
    {
        await using var app = Web.Build(options, args);
        var identity = new IdentityOptions
        {
            Issuers = [IssuerOptions.EntraV1, IssuerOptions.EntraV2],
            Audiences = app.Configuration.GetSection("Identity:Audiences").Get<string[]>() ?? [IdentityOptions.PartnerCenterAudience],
            AllowedClients = app.Configuration.GetSection("Identity:Clients").Get<Guid[]>() ?? [],
        };
        var faults = identity.Faults().ToArray();
        if (faults.Length > 0)
        {
            throw new UnsafeConfigurationException(string.Join("; ", faults));
        }

        await parts.Directory.RefreshAsync();
        Web.Map(app, parts, parts.Authenticate(identity, issuer: null));
        await using var background = BackgroundWork.Start(parts);
        await app.RunAsync();
        return 0;
    }
}
