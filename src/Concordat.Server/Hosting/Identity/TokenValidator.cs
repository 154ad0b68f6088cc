using Concordat.Core;

namespace Concordat.Server.Hosting.Identity;

/// <summary>A token that passed: who calls, until when by the wall clock (the skew included), and the key that vouches.</summary>
internal sealed record ValidToken(Caller Caller, DateTimeOffset ExpiresAt, SigningKey Key);

/// <summary>
/// Validates one bearer token in full (rules T1 to T12; T4's list of onboarded partners is the partner directory's, and
/// T13 the pages'). A refusal says which rule failed and never repeats anything that the token said.
/// </summary>
internal sealed class TokenValidator(IdentityOptions options, IReadOnlyList<IssuerKeys> issuers, TimeProvider wall)
{
    private static readonly Problem Malformed = ClaimRules.Invalid("The token is not a signed JWT of the expected shape.");
    private static readonly Problem Untrusted = ClaimRules.Invalid("The token's issuer is not trusted.");
    private static readonly Problem BadSignature = ClaimRules.Invalid("The token's signature does not verify.");

    private long signatureChecks;

    /// <summary>How many signatures were checked since the start.</summary>
    public long SignatureChecks => Interlocked.Read(ref signatureChecks);

    /// <summary>TokenAudience or TokenInvalid when refused. Never throws for what the token says.</summary>
    public async ValueTask<Outcome<ValidToken>> ValidateAsync(ReadOnlyMemory<char> compact, CancellationToken cancel)
    {
        if (Parse(compact) is not { } token || !IsAccessToken(token.Header.Typ))
            return Malformed;
        // The claims come before the signature because they are cheap: a flood of expired tokens costs no RSA. Nothing
        // is believed before the last line.
        if (!ClaimRules.Judge(token.Claims, options, wall.GetUtcNow()).TryGetValue(out var caller, out var problem))
            return problem;
        return (await VouchAsync(token, cancel)).TryGetValue(out var key, out problem)
            ? new ValidToken(caller, ClaimRules.ExpiryOf(token.Claims, options.ClockSkew), key)
            : problem;
    }

    /// <summary>
    /// Validates the id token that a sign-in earned, by the same rules; TokenInvalid when refused. See <see cref="IdTokenRules"/>.
    /// </summary>
    public async ValueTask<Outcome<Identified>> ValidateIdTokenAsync(string compact, ExpectedIdToken expected, CancellationToken cancel)
    {
        if (Parse(compact.AsMemory()) is not { } token || !token.Header.Typ.Equals("JWT", StringComparison.OrdinalIgnoreCase))
            return Malformed;
        if (!IdTokenRules.Judge(token.Claims, expected, options.ClockSkew, wall.GetUtcNow()).TryGetValue(out var person, out var problem))
            return problem;
        return (await VouchAsync(token, cancel)).TryGetValue(out _, out problem) ? person : problem;
    }

    private CompactToken? Parse(ReadOnlyMemory<char> compact) =>
        CompactToken.Parse(compact.Span) is { } token && options.Algorithms.Contains(token.Header.Alg, StringComparer.Ordinal) ? token : null;

    /// <summary>The key of the token's issuer that verifies its signature.</summary>
    private async ValueTask<Outcome<SigningKey>> VouchAsync(CompactToken token, CancellationToken cancel)
    {
        if (IssuerOf(token.Claims) is not { } issuer)
            return Untrusted;
        var key = await issuer.FindAsync(token.Header.Kid, cancel);
        if (key is null || !key.SignsFor(token.Claims.Iss, token.Claims.Tid))
            return BadSignature;
        Interlocked.Increment(ref signatureChecks);
        return key.Verifies(token.Header.Alg, token.Signed, token.Signature) ? key : BadSignature;
    }

    /// <summary>Issuer, version and tenant must agree (rule T3), so that one tenant cannot speak for another.</summary>
    private IssuerKeys? IssuerOf(TokenClaims claims)
    {
        foreach (var keys in issuers)
            if (keys.Issuer.Version == claims.Ver && keys.Issuer.For(claims.Tid) == claims.Iss)
                return keys;
        return null;
    }

    private static bool IsAccessToken(string typ) =>
        typ.Equals("JWT", StringComparison.OrdinalIgnoreCase) || typ.Equals("at+jwt", StringComparison.OrdinalIgnoreCase);
}
