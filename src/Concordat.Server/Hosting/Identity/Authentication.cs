using System.Diagnostics.CodeAnalysis;
using Concordat.Core;

namespace Concordat.Server.Hosting.Identity;

/// <summary>From an Authorization header to a caller: remembered, or validated now.</summary>
internal sealed class Authentication(TokenValidator validator, TokenCache cache)
{
    private const string Scheme = "Bearer ";
    private const int LongestHeader = 16 * 1024;

    private static readonly Problem Missing =
        new(ProblemCode.TokenMissing, "Send a token in the Authorization header: Bearer, a space, the token.");

    private static readonly Problem TooLong = ClaimRules.Invalid("The token is longer than 16 KiB.");

    /// <summary>Validates id tokens, too.</summary>
    public TokenValidator Validator => validator;

    public int RememberedTokens => cache.Count;

    public long SignatureChecks => validator.SignatureChecks;

    /// <summary>True for a token that was seen before and still holds.</summary>
    public bool TryRemembered(string authorizationHeader, [NotNullWhen(true)] out Caller? caller) =>
        cache.TryGet(authorizationHeader, out caller);

    /// <summary>
    /// TokenMissing, TokenInvalid or TokenAudience when refused. Completes at once for a token that was seen before;
    /// otherwise it may wait for the issuer's keys.
    /// </summary>
    public ValueTask<Outcome<Caller>> AuthenticateAsync(string? authorizationHeader, CancellationToken cancel)
    {
        if (authorizationHeader is null)
            return new(Missing);
        if (authorizationHeader.Length > LongestHeader)
            return new(TooLong);
        if (cache.TryGet(authorizationHeader, out var caller))
            return new(caller);
        if (authorizationHeader.Length <= Scheme.Length
            || !authorizationHeader.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return new(Missing);
        return ValidateAsync(authorizationHeader, cancel);
    }

    private async ValueTask<Outcome<Caller>> ValidateAsync(string header, CancellationToken cancel)
    {
        var outcome = await validator.ValidateAsync(header.AsMemory(Scheme.Length), cancel);
        if (!outcome.TryGetValue(out var token, out var problem))
            return problem;
        cache.Add(header, token);
        return token.Caller;
    }
}
