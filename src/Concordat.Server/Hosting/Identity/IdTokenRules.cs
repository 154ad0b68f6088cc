using System.Security.Cryptography;
using System.Text;
using Concordat.Core;

namespace Concordat.Server.Hosting.Identity;

/// <summary>What an id token must say to belong to one sign-in.</summary>
/// <param name="Client">Our own application id: the only audience.</param>
/// <param name="Nonce">Of the request that started the sign-in.</param>
/// <param name="AuthContext">The authentication context (<c>acrs</c>) that proves a second factor, beside <c>amr</c>; null for none.</param>
/// <param name="AuthenticatedSince">A step-up takes no older authentication (rule T13); null takes any.</param>
internal sealed record ExpectedIdToken(Guid Client, string Nonce, string? AuthContext, DateTimeOffset? AuthenticatedSince);

/// <summary>Who signed in, as the id token says; whether they may is decided afterwards, from the partner and customer on record.</summary>
/// <param name="Tenant">The token's <c>tid</c>: a partner's or a customer's.</param>
/// <param name="Person">The token's <c>oid</c>.</param>
/// <param name="Roles">App roles, and <see cref="Roles.GlobalAdministrator"/> for that directory role.</param>
/// <param name="Mfa">A second factor was used.</param>
/// <param name="AuthenticatedAt">When the person proved who they are; null when the issuer does not say.</param>
/// <param name="Guest">The account is another tenant's: this one's people vouch for nothing.</param>
internal sealed record Identified(Guid Tenant, Guid Person, Roles Roles, bool Mfa, DateTimeOffset? AuthenticatedAt, bool Guest);

/// <summary>
/// The claims of an id token: rules T4, T6, T9 and T12 as for access tokens, and what OpenID Connect adds (nonce, age of the
/// sign-in). An access token never passes: it has another audience, and a scope.
/// </summary>
internal static class IdTokenRules
{
    /// <summary>Microsoft's id of the directory role, the same in every tenant.</summary>
    public const string GlobalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

    /// <summary>The person that the claims name, or TokenInvalid.</summary>
    public static Outcome<Identified> Judge(TokenClaims claims, ExpectedIdToken expected, TimeSpan skew, DateTimeOffset now)
    {
        if (claims.Aud != expected.Client.ToString("D") || claims.Ver != "2.0" || (claims.Azp is { } azp && azp != expected.Client))
            return ClaimRules.Invalid("The id token is meant for another application.");
        if (claims.Scp is not null || claims.Idtyp is not null)
            return ClaimRules.Invalid("This is no id token.");
        if (ClaimRules.CheckTimes(claims, skew, now) is { } late)
            return late;
        if (!SameNonce(claims.Nonce, expected.Nonce))
            return ClaimRules.Invalid("The id token belongs to another sign-in.");
        if (!ClaimRules.NamesWorkAccount(claims))
            return ClaimRules.Invalid("The id token names no work account.");
        if (!TryReadAuthTime(claims, now + skew, out var authenticatedAt))
            return ClaimRules.Invalid("The id token's time of authentication is out of range.");
        if (expected.AuthenticatedSince is { } since && !(authenticatedAt >= since))
            return ClaimRules.Invalid("The authentication is older than was asked for, or the issuer does not say how old it is.");
        var mfa = (claims.Amr?.Contains("mfa") ?? false)
            || (expected.AuthContext is { } context && (claims.Acrs?.Contains(context) ?? false));
        var guest = claims.Idp is { } idp && idp != claims.Iss;
        return new Identified(claims.Tid, claims.Oid, RolesOf(claims), mfa, authenticatedAt, guest);
    }

    private static Roles RolesOf(TokenClaims claims) => ClaimRules.RolesOf(claims)
        | (claims.Wids?.Contains(GlobalAdministrator, StringComparer.OrdinalIgnoreCase) ?? false ? Roles.GlobalAdministrator : Roles.None);

    private static bool SameNonce(string? said, string expected) => said is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(said), Encoding.UTF8.GetBytes(expected));

    private static bool TryReadAuthTime(TokenClaims claims, DateTimeOffset latest, out DateTimeOffset? at)
    {
        at = null;
        if (claims.AuthTime is not { } seconds)
            return true;
        if (seconds < 0 || seconds > latest.ToUnixTimeSeconds())
            return false;
        at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }
}
