using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>How this application proves itself to the token endpoint: a secret, or a certificate whose key stays here.</summary>
internal sealed class ClientProof
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly string? secret;
    private readonly X509Certificate2? certificate;

    public ClientProof(string secret) => this.secret = secret;

    /// <summary><paramref name="certificate"/> has an RSA private key.</summary>
    public ClientProof(X509Certificate2 certificate) => this.certificate = certificate;

    /// <summary>Adds the proof to a token request: <c>client_secret</c>, or a signed assertion (RFC 7523).</summary>
    public void AddTo(Dictionary<string, string> form, Guid client, Uri tokenEndpoint, IdSource ids, DateTimeOffset now)
    {
        if (secret is not null)
        {
            form["client_secret"] = secret;
            return;
        }

        form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        form["client_assertion"] = Assertion(client, tokenEndpoint, ids, now);
    }

    private string Assertion(Guid client, Uri tokenEndpoint, IdSource ids, DateTimeOffset now)
    {
        var header = new JsonObject
        {
            ["alg"] = "PS256",
            ["typ"] = "JWT",
            ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(certificate!.RawDataMemory.Span)),
        };
        var claims = new JsonObject
        {
            ["aud"] = tokenEndpoint.AbsoluteUri,
            ["iss"] = client.ToString("D"),
            ["sub"] = client.ToString("D"),
            ["jti"] = ids.NewId().ToString("D"),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        };
        var signed = Part(header) + "." + Part(claims);
        using var key = certificate.GetRSAPrivateKey()!;
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
