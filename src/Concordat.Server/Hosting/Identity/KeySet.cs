using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Concordat.Server.Hosting.Identity;

/// <summary>Reads a JWKS document (RFC 7517), keeping the RSA signature keys and skipping what it does not know.</summary>
internal static class KeySet
{
    private const int SmallestModulusBytes = 256;

    /// <summary>The usable keys. With <paramref name="issuerNeeded"/>, a key that names no issuer is not one.</summary>
    /// <exception cref="JsonException">The document is not a key set.</exception>
    public static IReadOnlyList<SigningKey> Read(ReadOnlySpan<byte> json, bool issuerNeeded)
    {
        var set = JsonSerializer.Deserialize(json, KeySetJson.Default.Jwks) ?? throw new JsonException("The key set is null.");
        return [.. set.Keys.Select(key => KeyOf(key, issuerNeeded)).OfType<SigningKey>().DistinctBy(key => key.Kid)];
    }

    private static SigningKey? KeyOf(Jwk? key, bool issuerNeeded)
    {
        if (key is not { Kty: "RSA", Use: null or "sig", Kid: { Length: > 0 } kid, N: { } n, E: { } e }
            || (issuerNeeded && key.Issuer is null) || !Base64Url.IsValid(n) || !Base64Url.IsValid(e))
            return null;
        var parameters = new RSAParameters { Modulus = Base64Url.DecodeFromChars(n), Exponent = Base64Url.DecodeFromChars(e) };
        return parameters.Modulus.Length >= SmallestModulusBytes && Imports(parameters)
            ? new SigningKey(kid, parameters, key.Issuer) : null;
    }

    /// <summary>A key that the platform cannot use must fail here, not when a token arrives.</summary>
    private static bool Imports(RSAParameters parameters)
    {
        try
        {
            RSA.Create(parameters).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

internal sealed record Jwks(IReadOnlyList<Jwk?> Keys);

internal sealed record Jwk(string? Kty, string? Use, string? Kid, string? N, string? E, string? Issuer);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = false, MaxDepth = 8)]
[JsonSerializable(typeof(Jwks))]
internal sealed partial class KeySetJson : JsonSerializerContext;
