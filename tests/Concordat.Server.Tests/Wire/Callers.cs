using Concordat.Core;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Sandbox;

namespace Concordat.Server.Tests.Wire;

/// <summary>Authorization headers by the words that samples use.</summary>
internal static class Callers
{
    /// <summary>The header's value, or null for a caller without one.</summary>
    public static string? AuthorizationOf(TestServer server, string caller)
    {
        var words = caller.Split(' ', 3);
        return words switch
        {
            ["nobody"] => null,
            ["garbage"] => "Bearer not.a.token",
            ["stranger"] => "Bearer " + Mint(server, new PartnerId(SeedIds.Of("partner", "stranger")), mfa: true),
            [var partner, "admin", "without-mfa"] => "Bearer " + Mint(server, TestServer.Partner(partner).Id, mfa: false),
            [var partner, "admin", var audience] when audience.StartsWith("for ", StringComparison.Ordinal) =>
                "Bearer " + Mint(server, TestServer.Partner(partner).Id, mfa: true, audience[4..]),
            [var partner, var who] => "Bearer " + server.Token(partner, who),
            _ => throw new ArgumentException($"There is no caller {caller}."),
        };
    }

    private static string Mint(TestServer server, PartnerId tenant, bool mfa, string audience = IdentityOptions.PartnerCenterAudience) =>
        server.Issuer.Mint(
            new Caller(tenant, SeedIds.Of("person", "someone"), SeedIds.Of("app", "some"), CallerKind.AppPlusUser, Roles.AdminAgent, mfa),
            TimeSpan.FromHours(1), audience);
}
