using Concordat.Core;

namespace Concordat.Server.Hosting.Identity;

/// <summary>
/// What the claims must say, and whom they name (rules T4 and T6 to T12 of docs/decisions/0003-token-validation.md).
/// Knows nothing of keys: what it answers counts only once the signature is checked.
/// </summary>
internal static class ClaimRules
{
    private const string Scope = "user_impersonation";

    /// <summary>The tenant of all personal Microsoft accounts; nobody's partner.</summary>
    private static readonly Guid ConsumerTenant = new("9188040d-6c67-4c5b-b112-36a304b66dad");

    /// <summary>The end of year 9999, past which no <see cref="DateTimeOffset"/> exists.</summary>
    private const long LastSecond = 253402300799;

    /// <summary>The caller that the claims name; TokenAudience or TokenInvalid.</summary>
    public static Outcome<Caller> Judge(TokenClaims claims, IdentityOptions options, DateTimeOffset now)
    {
        // First, so that a real Graph token gets the answer that helps: nobody but Graph can check its signature.
        if (!options.Audiences.Contains(claims.Aud, StringComparer.Ordinal))
            return new Problem(ProblemCode.TokenAudience, "The token is meant for another audience. Ask for one for "
                + $"{options.Audiences[0]}.");
        if (CheckTimes(claims, options.ClockSkew, now) is { } late)
            return late;
        if (!NamesWorkAccount(claims))
            return Invalid("The token names no work account of a partner.");
        if (claims.ClaimNames is not null || claims.Hasgroups is not null)
            return Invalid("The token leaves its groups out because they are too many. Ask for app roles instead.");
        return ClientOf(claims, options) is { } client ? CallerOf(claims, client)
            : Invalid("The token's client application may not call this service.");
    }

    /// <summary>When the token stops being accepted: its <c>exp</c> and the skew.</summary>
    public static DateTimeOffset ExpiryOf(TokenClaims claims, TimeSpan skew) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Min(claims.Exp, LastSecond - 60)) + skew;

    /// <summary>A tenant and a person of it; personal accounts are nobody's (rule T4).</summary>
    public static bool NamesWorkAccount(TokenClaims claims) =>
        claims.Tid != Guid.Empty && claims.Oid != Guid.Empty && claims.Tid != ConsumerTenant;

    public static Problem Invalid(string message) => new(ProblemCode.TokenInvalid, message);

    public static Problem? CheckTimes(TokenClaims claims, TimeSpan skew, DateTimeOffset now)
    {
        if (claims.Exp is < 0 or > LastSecond || claims.Nbf is < 0 or > LastSecond || claims.Iat is < 0 or > LastSecond)
            return Invalid("The token's times are out of range.");
        if (now >= ExpiryOf(claims, skew))
            return Invalid("The token has expired. Ask for a new one.");
        var latest = (now + skew).ToUnixTimeMilliseconds();
        return claims.Nbf * 1000 > latest || claims.Iat * 1000 > latest
            ? Invalid("The token is not valid yet. Check the clock of the machine that uses it.")
            : null;
    }

    private static Guid? ClientOf(TokenClaims claims, IdentityOptions options)
    {
        var (client, proof) = claims.Ver == "2.0" ? (claims.Azp, claims.Azpacr) : (claims.Appid, claims.Appidacr);
        // An application that acts for itself must have proved who it is; beside a user it may be a public client.
        var proved = proof is "1" or "2" || (proof is "0" && claims.Scp is not null);
        return client is { } id && id != Guid.Empty && proved
            && (options.AllowedClients.Count == 0 || options.AllowedClients.Contains(id)) ? id : null;
    }

    private static Outcome<Caller> CallerOf(TokenClaims claims, Guid client)
    {
        var roles = RolesOf(claims);
        var tenant = new PartnerId(claims.Tid);
        switch (claims)
        {
            case { Scp: { } scopes, Idtyp: null or "user" } when scopes.Split(' ').Contains(Scope):
                var mfa = claims.Amr?.Contains("mfa") ?? false;
                return new Caller(tenant, claims.Oid, client, CallerKind.AppPlusUser, roles & Roles.PartnerStaff, mfa);
            case { Scp: null, Idtyp: "app", Roles.Count: > 0 }:
                return new Caller(tenant, claims.Oid, client, CallerKind.AppOnly, roles & Roles.Application, Mfa: false);
            default:
                return Invalid(
                    $"The token is neither an App+User token with the scope {Scope} nor an App-only token with roles.");
        }
    }

    /// <summary>The app roles that the token names; what a caller may have of them is the caller's kind's to say.</summary>
    public static Roles RolesOf(TokenClaims claims)
    {
        var roles = Roles.None;
        foreach (var word in claims.Roles ?? [])
            roles |= word switch
            {
                "AdminAgent" => Roles.AdminAgent,
                "SalesAgent" => Roles.SalesAgent,
                "HelpdeskAgent" => Roles.HelpdeskAgent,
                "ResellerUser" => Roles.ResellerUser,
                "Application" => Roles.Application,
                "Auditor" => Roles.Auditor,
                "BillingOwner" => Roles.BillingOwner,
                _ => Roles.None,
            };
        return roles;
    }
}
