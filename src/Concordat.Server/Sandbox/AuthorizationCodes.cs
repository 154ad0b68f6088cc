using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.SignIn;

namespace Concordat.Server.Sandbox;

/// <summary>What a code stands for: who signed in, for which application, and what only that application knows.</summary>
internal sealed record IssuedCode(
    Guid Client, string RedirectUri, string Challenge, string Nonce, Guid Tenant, Guid Person, Roles Roles, bool Mfa, DateTimeOffset AuthenticatedAt)
{
    /// <summary>PKCE with S256 (RFC 7636): the verifier hashes to the challenge.</summary>
    public bool IsVerifiedBy(string? verifier) => verifier is { Length: >= 43 and <= 128 }
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(verifier)))), Encoding.ASCII.GetBytes(Challenge));
}

/// <summary>The issuer's codes, in memory: good once, for a minute, by the wall clock.</summary>
internal sealed class AuthorizationCodes(IdSource ids, TimeProvider wall)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, IssuedCode> codes = new(StringComparer.Ordinal);

    /// <summary>A new code.</summary>
    public string Issue(IssuedCode code)
    {
        foreach (var (text, old) in codes)
        {
            if (codes.Count >= Most || HasExpired(old))
            {
                codes.TryRemove(text, out _);
            }
        }

        var made = PendingSignIn.Random(ids);
        codes[made] = code;
        return made;
    }

    /// <summary>Takes the code away and answers what it stands for; null when there is none of that text, or no longer.</summary>
    public IssuedCode? Take(string code) => codes.TryRemove(code, out var issued) && !HasExpired(issued) ? issued : null;

    private bool HasExpired(IssuedCode code) => wall.GetUtcNow() - code.AuthenticatedAt >= Lifetime;
}
