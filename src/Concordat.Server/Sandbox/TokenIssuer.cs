using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Sandbox;

/// <summary>
/// The sandbox's own issuer: mints access tokens shaped like Entra ID's v2.0 tokens, for the people and applications of
/// the seed. The server trusts it only when <see cref="Options"/> is among its issuers.
/// </summary>
internal sealed class TokenIssuer
{
    private readonly RSA key;
    private readonly IdSource ids;
    private readonly TimeProvider wall;
    private readonly RSAParameters publicKey;
    private readonly Lock signing = new();

    /// <summary><paramref name="key"/> stays the caller's to dispose; see <see cref="TokenIssuerKey"/>.</summary>
    public TokenIssuer(Uri baseUrl, RSA key, IdSource ids, TimeProvider wall)
    {
        (this.key, this.ids, this.wall) = (key, ids, wall);
        publicKey = key.ExportParameters(includePrivateParameters: false);
        Root = baseUrl.GetLeftPart(UriPartial.Authority);
        Options = new IssuerOptions($"{Root}/{IssuerOptions.Tenant}/v2.0", "2.0", JwksUri: null);
        // RFC 7638: the thumbprint names the key, so that a kept key keeps its name after a restart.
        var canonical = $$"""{"e":"{{Exponent}}","kty":"RSA","n":"{{Modulus}}"}""";
        Kid = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));
    }

    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    public string Root { get; }
    public IssuerOptions Options { get; }
    public string Kid { get; }
    public string Modulus => Base64Url.EncodeToString(publicKey.Modulus);
    public string Exponent => Base64Url.EncodeToString(publicKey.Exponent);
    public SigningKey SigningKey => new(Kid, publicKey);

    /// <summary>
    /// An access token that says what <paramref name="caller"/> says. Nothing is checked: tests mint tokens for people who
    /// do not exist, too.
    /// </summary>
    public string Mint(Caller caller, TimeSpan lifetime, string audience = IdentityOptions.PartnerCenterAudience, bool publicClient = false)
    {
        var now = wall.GetUtcNow();
        var claims = new JsonObject
        {
            ["aud"] = audience,
            ["iss"] = Options.For(caller.Tenant.Value),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["azp"] = caller.AppId.ToString("D"),
            ["azpacr"] = publicClient ? "0" : "1",
            ["oid"] = caller.Subject.ToString("D"),
            ["sub"] = caller.Subject.ToString("D"),
            ["tid"] = caller.Tenant.ToString(),
            ["uti"] = ids.NewId().ToString("N"),
            ["ver"] = "2.0",
        };
        if (RoleWords(caller.Roles) is { Count: > 0 } roles)
            claims["roles"] = roles;
        if (caller.Kind == CallerKind.AppOnly)
            claims["idtyp"] = "app";
        else
            (claims["scp"], claims["amr"]) = ("user_impersonation", caller.Mfa ? new JsonArray("pwd", "mfa") : new JsonArray("pwd"));
        return Sign(new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = Kid }, claims);
    }

    /// <summary>The id token of a sign-in, shaped like Entra ID's.</summary>
    public string MintIdToken(IssuedCode code, TimeSpan lifetime)
    {
        var now = wall.GetUtcNow();
        var claims = new JsonObject
        {
            ["aud"] = code.Client.ToString("D"),
            ["iss"] = Options.For(code.Tenant),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["auth_time"] = code.AuthenticatedAt.ToUnixTimeSeconds(),
            ["amr"] = code.Mfa ? new JsonArray("pwd", "mfa") : new JsonArray("pwd"),
            ["nonce"] = code.Nonce,
            ["oid"] = code.Person.ToString("D"),
            ["sub"] = code.Person.ToString("D"),
            ["tid"] = code.Tenant.ToString("D"),
            ["uti"] = ids.NewId().ToString("N"),
            ["ver"] = "2.0",
        };
        if (RoleWords(code.Roles) is { Count: > 0 } roles)
            claims["roles"] = roles;
        if (code.Roles.HasFlag(Roles.GlobalAdministrator))
            claims["wids"] = new JsonArray(IdTokenRules.GlobalAdministrator);
        return Sign(new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = Kid }, claims);
    }

    /// <summary>A signed JWS over any header and claims, good or bad.</summary>
    public string Sign(JsonObject header, JsonObject claims)
    {
        var signed = Part(header) + "." + Part(claims);
        return signed + "." + Signature(signed);
    }

    /// <summary>
    /// A token that never expires and is told from an access token by its shape: <c>0.{tenant}.{oid}.{mfa}.{signature}</c>.
    /// It lives on through a restart without being stored.
    /// </summary>
    public string MintRefreshToken(Guid tenant, Guid oid, bool mfa)
    {
        var text = $"0.{tenant:N}.{oid:N}.{(mfa ? 1 : 0)}";
        return text + "." + Signature(text);
    }

    /// <summary>Null when this issuer did not make it.</summary>
    public (Guid Tenant, Guid Oid, bool Mfa)? ReadRefreshToken(string token)
    {
        var end = token.LastIndexOf('.');
        var parts = token.Split('.');
        if (parts is not ["0", var tenant, var oid, "0" or "1", var signature] || !Base64Url.IsValid(signature))
            return null;
        using var verifier = RSA.Create(publicKey);
        return verifier.VerifyData(Encoding.UTF8.GetBytes(token[..end]), Base64Url.DecodeFromChars(signature),
                HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ? (Guid.ParseExact(tenant, "N"), Guid.ParseExact(oid, "N"), parts[3] == "1") : null;
    }

    private static JsonArray RoleWords(Roles roles)
    {
        Roles[] each = [Roles.AdminAgent, Roles.SalesAgent, Roles.HelpdeskAgent, Roles.ResellerUser, Roles.Application, Roles.Auditor, Roles.BillingOwner];
        return new JsonArray([.. each.Where(role => roles.HasFlag(role)).Select(role => (JsonNode)role.ToString())]);
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private string Signature(string signed)
    {
        // RSA instances promise nothing about use from several threads.
        lock (signing)
            return Base64Url.EncodeToString(
                key.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}
