using System.Security.Cryptography;

namespace Concordat.Server.Hosting.Identity;

/// <summary>
/// One public RSA key of an issuer. Cached tokens hold on to the key that signed them, so that taking its trust away
/// ends them at once.
/// </summary>
/// <param name="kid">The name that tokens call it by.</param>
/// <param name="parameters">Modulus and exponent.</param>
/// <param name="issuerTemplate">The JWKS <c>issuer</c> member (with <c>{tenantid}</c>), or null when the set names none.</param>
internal sealed class SigningKey(string kid, RSAParameters parameters, string? issuerTemplate = null)
{
    public static readonly IReadOnlyList<string> Algorithms = ["RS256", "PS256"];

    private long trustedUntilTicks = DateTime.MaxValue.Ticks;

    private readonly RSAParameters publicKey = parameters;
    private readonly string? issuerTemplate = issuerTemplate;

    public string Kid => kid;

    /// <summary>False from the moment the issuer drops the key, or its keys could not be read for a day.</summary>
    public bool IsTrusted(DateTimeOffset now) => now.UtcTicks < Interlocked.Read(ref trustedUntilTicks);

    public void TrustUntil(DateTimeOffset end) => Interlocked.Exchange(ref trustedUntilTicks, end.UtcTicks);

    public void Retire() => TrustUntil(DateTimeOffset.MinValue);

    /// <summary>True when the key set says that this key signs for that <c>iss</c>, or says nothing (rule T5).</summary>
    public bool SignsFor(string issuer, Guid tenant) =>
        issuerTemplate is null
        || issuerTemplate.Replace("{tenantid}", tenant.ToString("D"), StringComparison.Ordinal) == issuer;

    public bool IsSameKey(SigningKey other) => kid == other.Kid && issuerTemplate == other.issuerTemplate
        && publicKey.Modulus.AsSpan().SequenceEqual(other.publicKey.Modulus)
        && publicKey.Exponent.AsSpan().SequenceEqual(other.publicKey.Exponent);

    /// <summary>
    /// Takes about a tenth of a millisecond, once per token. The RSA object is made for the one call because its instances promise
    /// nothing about use from several threads.
    /// </summary>
    public bool Verifies(string algorithm, byte[] signed, byte[] signature)
    {
        var padding = algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        using var rsa = RSA.Create(publicKey);
        return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, padding);
    }
}
