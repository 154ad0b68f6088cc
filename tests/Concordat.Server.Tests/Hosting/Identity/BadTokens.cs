using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Tests.Hosting.Identity;

/// <summary>Every way to spoil a good token that the suite knows: a name, and the Authorization header it makes.</summary>
internal static class BadTokens
{
    public static readonly IReadOnlyDictionary<string, Func<Draft, string?>> All = new Dictionary<string, Func<Draft, string?>>[]
        { Headers(), Shapes(), Algorithms(), KeyTricks(), Issuers(), Claims(), Kinds(), Times(), Json() }
        .SelectMany(group => group).ToDictionary(pair => pair.Key, pair => pair.Value);

    private static string Bearer(string token) => "Bearer " + token;

    private static Func<Draft, string?> With(Action<JsonObject> spoil) => draft =>
    {
        spoil(draft.Claims);
        return Bearer(draft.Sign());
    };

    private static Func<Draft, string?> WithHeader(Action<JsonObject> spoil) => draft =>
    {
        spoil(draft.Header);
        return Bearer(draft.Sign());
    };

    private static Func<Draft, string?> At(string claim, int seconds) => draft =>
    {
        draft.Claims[claim] = draft.Now + seconds;
        return Bearer(draft.Sign());
    };

    private static Dictionary<string, Func<Draft, string?>> Headers() => new()
    {
        ["no header"] = _ => null,
        ["empty header"] = _ => "",
        ["blank header"] = _ => "   ",
        ["scheme only"] = _ => "Bearer",
        ["scheme and space"] = _ => "Bearer ",
        ["basic"] = draft => "Basic " + draft.Sign(),
        ["no scheme"] = draft => draft.Sign(),
        ["two spaces"] = draft => "Bearer  " + draft.Sign(),
        ["tab"] = draft => "Bearer\t" + draft.Sign(),
        ["trailing space"] = draft => Bearer(draft.Sign()) + " ",
        ["trailing newline"] = draft => Bearer(draft.Sign()) + "\n",
        ["two tokens with a comma"] = draft => Bearer(draft.Sign()) + ", " + Bearer(draft.Sign()),
        ["two tokens with a space"] = draft => Bearer(draft.Sign()) + " " + draft.Sign(),
        ["quoted"] = draft => Bearer("\"" + draft.Sign() + "\""),
        ["huge"] = draft => Bearer(draft.Sign() + new string('A', 16 * 1024)),
        ["huge but signed"] = With(claims => claims["pad"] = new string('x', 16 * 1024)),
    };

    private static Dictionary<string, Func<Draft, string?>> Shapes() => new()
    {
        ["one part"] = draft => Bearer(draft.HeaderPart),
        ["two parts"] = draft => Bearer($"{draft.HeaderPart}.{draft.ClaimsPart}"),
        ["four parts"] = draft => Bearer(draft.Sign() + ".AAAA"),
        ["jwe of five parts"] = draft => Bearer($"{draft.HeaderPart}.AAAA.AAAA.{draft.ClaimsPart}.AAAA"),
        ["dots only"] = _ => Bearer(".."),
        ["empty signature"] = draft => Bearer($"{draft.HeaderPart}.{draft.ClaimsPart}."),
        ["empty payload"] = draft => Bearer(Draft.SignParts(draft.HeaderPart, "", TokenBench.Key)),
        ["empty header part"] = draft => Bearer(Draft.SignParts("", draft.ClaimsPart, TokenBench.Key)),
        ["standard base64"] = draft => Bearer(draft.Sign().Replace('-', '+').Replace('_', '/') + "+/"),
        ["padded payload"] = draft => Bearer(Draft.SignParts(draft.HeaderPart, Padded(draft), TokenBench.Key)),
        ["white space in payload"] = draft => Bearer(Draft.SignParts(draft.HeaderPart, draft.ClaimsPart + " ", TokenBench.Key)),
        ["stray bits in signature"] = draft => Bearer(StrayBits(draft.Sign())),
        ["letters beyond ascii"] = draft => Bearer("\u00e9" + draft.Sign()),
        ["nul inside"] = draft => Bearer(draft.Sign().Insert(20, "\0")),
        ["first signature bit flipped"] = draft => Bearer(Flip(draft.Sign(), 0)),
        ["middle signature bit flipped"] = draft => Bearer(Flip(draft.Sign(), 128)),
        ["last signature bit flipped"] = draft => Bearer(Flip(draft.Sign(), 255)),
        ["signature cut short"] = draft => Bearer(draft.Sign()[..^4]),
        ["signature of another token"] = draft => Bearer($"{draft.HeaderPart}.{draft.ClaimsPart}."
            + draft.Bench.Issuer.Sign([], []).Split('.')[2]),
        ["payload changed after signing"] = draft =>
        {
            var signature = draft.Sign().Split('.')[2];
            draft.Claims["oid"] = TokenBench.OtherTenant.ToString();
            return Bearer($"{draft.HeaderPart}.{draft.ClaimsPart}.{signature}");
        },
    };

    private static Dictionary<string, Func<Draft, string?>> Algorithms() => new()
    {
        ["alg none, no signature"] = draft => Bearer(Unsigned(draft, "none") + "."),
        ["alg none, any signature"] = draft => Bearer(Unsigned(draft, "none") + ".AAAA"),
        ["alg NONE over a good signature"] = WithHeader(header => header["alg"] = "NONE"),
        ["alg empty"] = WithHeader(header => header["alg"] = ""),
        ["alg in lower case"] = WithHeader(header => header["alg"] = "rs256"),
        ["alg RS512"] = WithHeader(header => header["alg"] = "RS512"),
        ["alg PS256 not allowed"] = WithHeader(header => header["alg"] = "PS256"),
        ["HS256 with the public key as secret"] = draft => Bearer(Hmac(draft, TokenBench.Key.ExportSubjectPublicKeyInfoPem())),
        ["HS256 with the modulus as secret"] = draft => Bearer(Hmac(draft, draft.Bench.Issuer.Modulus)),
        ["HS256 with an empty secret"] = draft => Bearer(Hmac(draft, "")),
        ["ES256"] = draft => Bearer(Ecdsa(draft)),
        ["typ missing"] = WithHeader(header => header.Remove("typ")),
        ["typ of a logout token"] = WithHeader(header => header["typ"] = "logout+jwt"),
        ["typ of a proof"] = WithHeader(header => header["typ"] = "dpop+jwt"),
        ["crit"] = WithHeader(header => header["crit"] = new JsonArray("b64")),
        ["enc"] = WithHeader(header => header["enc"] = "A256GCM"),
        ["zip"] = WithHeader(header => header["zip"] = "DEF"),
    };

    private static Dictionary<string, Func<Draft, string?>> KeyTricks() => new()
    {
        ["jwk in the header"] = WithHeader(header => header["jwk"] = new JsonObject { ["kty"] = "RSA" }),
        ["jku in the header"] = WithHeader(header => header["jku"] = "http://127.0.0.1:9/keys"),
        ["x5u in the header"] = WithHeader(header => header["x5u"] = "http://127.0.0.1:9/cert"),
        ["x5c in the header"] = WithHeader(header => header["x5c"] = new JsonArray("AAAA")),
        ["kid missing"] = WithHeader(header => header.Remove("kid")),
        ["kid null"] = WithHeader(header => header["kid"] = null),
        ["kid empty"] = WithHeader(header => header["kid"] = ""),
        ["kid unknown"] = WithHeader(header => header["kid"] = "unknown"),
        ["kid like a path"] = WithHeader(header => header["kid"] = "../../../../dev/null"),
        ["kid like a query"] = WithHeader(header => header["kid"] = "x' OR '1'='1"),
        ["kid a number"] = WithHeader(header => header["kid"] = 1),
        ["kid of the other issuer"] = WithHeader(header => header["kid"] = TokenBench.OtherKid),
        ["key of the other issuer, its kid"] = draft =>
        {
            draft.Header["kid"] = TokenBench.OtherKid;
            return Bearer(draft.SignWith(TokenBench.OtherKey));
        },
        ["key of the other issuer, our kid"] = draft => Bearer(draft.SignWith(TokenBench.OtherKey)),
    };

    private static Dictionary<string, Func<Draft, string?>> Issuers() => new()
    {
        ["iss missing"] = With(claims => claims.Remove("iss")),
        ["iss of another tenant"] = With(claims => claims["iss"] = Issuer(TokenBench.OtherTenant)),
        ["tid of another tenant"] = With(claims => claims["tid"] = TokenBench.OtherTenant.ToString()),
        ["iss with a slash more"] = With(claims => claims["iss"] = Issuer(TokenBench.Tenant) + "/"),
        ["v1 iss without its slash"] = With(claims => (claims["iss"], claims["ver"], claims["appid"], claims["appidacr"]) =
            ($"http://127.0.0.1:5281/{TokenBench.Tenant}", "1.0", TokenBench.App.ToString(), "1")),
        ["iss of the other issuer, our key"] = With(claims => (claims["iss"], claims["ver"], claims["appid"], claims["appidacr"]) =
            ($"http://127.0.0.1:5281/{TokenBench.Tenant}/", "1.0", TokenBench.App.ToString(), "1")),
        ["iss in upper case"] = With(claims => claims["iss"] = Issuer(TokenBench.Tenant).ToUpperInvariant()),
        ["iss common"] = With(claims => claims["iss"] = "http://127.0.0.1:5280/common/v2.0"),
        ["iss as a template"] = With(claims => claims["iss"] = "http://127.0.0.1:5280/{tid}/v2.0"),
        ["iss of Entra v2, not trusted here"] = With(claims => claims["iss"] = $"https://login.microsoftonline.com/{TokenBench.Tenant}/v2.0"),
        ["iss of the US Government cloud"] = With(claims => claims["iss"] = $"https://login.microsoftonline.us/{TokenBench.Tenant}/v2.0"),
        ["iss of 21Vianet"] = With(claims => claims["iss"] = $"https://login.partner.microsoftonline.cn/{TokenBench.Tenant}/v2.0"),
        ["iss with a lookalike host"] = With(claims => claims["iss"] = $"http://127.0.0.1:5280.evil.example/{TokenBench.Tenant}/v2.0"),
        ["ver of v1"] = With(claims => claims["ver"] = "1.0"),
        ["ver of v1 with the names of v1"] = With(claims => (claims["ver"], claims["appid"], claims["appidacr"]) =
            ("1.0", TokenBench.App.ToString(), "1")),
        ["ver of a version to come"] = With(claims => (claims["ver"], claims["appid"], claims["appidacr"]) =
            ("3.0", TokenBench.App.ToString(), "1")),
        ["ver missing"] = With(claims => claims.Remove("ver")),
        ["ver a number"] = With(claims => claims["ver"] = 2.0),
        ["consumer tenant"] = With(claims => (claims["tid"], claims["iss"]) =
            ("9188040d-6c67-4c5b-b112-36a304b66dad", Issuer(new("9188040d-6c67-4c5b-b112-36a304b66dad")))),
        ["empty tenant"] = With(claims => (claims["tid"], claims["iss"]) = (Guid.Empty.ToString(), Issuer(Guid.Empty))),
    };

    private static Dictionary<string, Func<Draft, string?>> Claims() => new()
    {
        ["aud missing"] = With(claims => claims.Remove("aud")),
        ["aud null"] = With(claims => claims["aud"] = null),
        ["aud empty"] = With(claims => claims["aud"] = ""),
        ["aud of Graph"] = With(claims => claims["aud"] = "https://graph.microsoft.com"),
        ["aud of old Graph"] = With(claims => claims["aud"] = "https://graph.windows.net"),
        ["aud with a slash more"] = With(claims => claims["aud"] = IdentityOptions.PartnerCenterAudience + "/"),
        ["aud in upper case"] = With(claims => claims["aud"] = IdentityOptions.PartnerCenterAudience.ToUpperInvariant()),
        ["aud array with an extra"] = With(claims => claims["aud"] = new JsonArray(IdentityOptions.PartnerCenterAudience, "other")),
        ["aud array of one"] = With(claims => claims["aud"] = new JsonArray(IdentityOptions.PartnerCenterAudience)),
        ["tid missing"] = With(claims => claims.Remove("tid")),
        ["tid no guid"] = With(claims => claims["tid"] = "contoso.onmicrosoft.com"),
        ["tid in braces"] = With(claims => claims["tid"] = TokenBench.Tenant.ToString("B")),
        ["oid missing"] = With(claims => claims.Remove("oid")),
        ["oid null"] = With(claims => claims["oid"] = null),
        ["oid empty guid"] = With(claims => claims["oid"] = Guid.Empty.ToString()),
        ["oid an address"] = With(claims => claims["oid"] = "admin@contoso.example"),
        ["azp missing"] = With(claims => claims.Remove("azp")),
        ["azp of a client not on the list"] = With(claims => claims["azp"] = TokenBench.OtherTenant.ToString()),
        ["azp under its v1 name"] = With(claims =>
        {
            claims.Remove("azp");
            claims["appid"] = TokenBench.App.ToString();
        }),
        ["azpacr missing"] = With(claims => claims.Remove("azpacr")),
        ["azpacr unknown"] = With(claims => claims["azpacr"] = "9"),
        ["azpacr a number"] = With(claims => claims["azpacr"] = 1),
        ["groups overage"] = With(claims => claims["_claim_names"] = new JsonObject { ["groups"] = "src1" }),
        ["groups overage, short form"] = With(claims => claims["hasgroups"] = true),
        ["roles a string"] = With(claims => claims["roles"] = "AdminAgent"),
        ["roles of numbers"] = With(claims => claims["roles"] = new JsonArray(1, 2)),
        ["roles an object"] = With(claims => claims["roles"] = new JsonObject()),
        ["amr a number"] = With(claims => claims["amr"] = 1),
    };

    private static Dictionary<string, Func<Draft, string?>> Kinds() => new()
    {
        ["id token"] = With(claims =>
        {
            claims.Remove("scp");
            claims.Remove("roles");
            claims.Remove("idtyp");
            claims["nonce"] = "n";
        }),
        ["id token with roles"] = With(claims =>
        {
            claims.Remove("scp");
            claims.Remove("idtyp");
            claims["roles"] = new JsonArray("AdminAgent");
        }),
        ["both kinds at once"] = With(claims => (claims["scp"], claims["idtyp"], claims["roles"]) =
            ("user_impersonation", "app", new JsonArray("Application"))),
        ["idtyp of a device"] = With(claims => claims["idtyp"] = "device"),
        ["idtyp in upper case"] = With(claims => claims["idtyp"] = "APP"),
        ["scp empty"] = With(claims => claims["scp"] = ""),
        ["scp of another permission"] = With(claims => claims["scp"] = "openid profile"),
        ["scp with a longer name"] = With(claims => claims["scp"] = "user_impersonation_all"),
        ["scp an array"] = With(claims => claims["scp"] = new JsonArray("user_impersonation")),
        ["user without scp"] = With(claims =>
        {
            claims.Remove("scp");
            claims["idtyp"] = "user";
        }),
        ["app without roles"] = With(claims =>
        {
            claims.Remove("scp");
            claims.Remove("roles");
            claims["idtyp"] = "app";
        }),
        ["app with an empty list of roles"] = With(claims =>
        {
            claims.Remove("scp");
            (claims["roles"], claims["idtyp"]) = (new JsonArray(), "app");
        }),
        ["app that proved nothing"] = With(claims =>
        {
            claims.Remove("scp");
            (claims["roles"], claims["idtyp"], claims["azpacr"]) = (new JsonArray("Application"), "app", "0");
        }),
    };

    private static Dictionary<string, Func<Draft, string?>> Times() => new()
    {
        ["expired 61 s ago"] = At("exp", -61),
        ["expired 60 s ago"] = At("exp", -60),
        ["valid in 61 s"] = At("nbf", 61),
        ["issued in 61 s"] = At("iat", 61),
        ["exp missing"] = With(claims => claims.Remove("exp")),
        ["nbf missing"] = With(claims => claims.Remove("nbf")),
        ["iat missing"] = With(claims => claims.Remove("iat")),
        ["exp a string"] = With(claims => claims["exp"] = "4102444800"),
        ["exp with a fraction"] = With(claims => claims["exp"] = 4102444800.5),
        ["exp negative"] = With(claims => claims["exp"] = -1),
        ["exp zero"] = With(claims => claims["exp"] = 0),
        ["exp past the year 9999"] = With(claims => claims["exp"] = 253402300800),
        ["exp the largest number"] = With(claims => claims["exp"] = long.MaxValue),
        ["nbf the largest number"] = With(claims => claims["nbf"] = long.MaxValue),
        ["iat the smallest number"] = With(claims => claims["iat"] = long.MinValue),
        ["exp null"] = With(claims => claims["exp"] = null),
    };

    private static Dictionary<string, Func<Draft, string?>> Json() => new()
    {
        ["tid twice"] = draft => Bearer(draft.SignRaw(Prefixed(draft, "\"tid\":\"" + TokenBench.OtherTenant + "\""))),
        ["exp twice"] = draft => Bearer(draft.SignRaw(Prefixed(draft, "\"exp\":1"))),
        ["roles twice, once escaped"] = draft => Bearer(draft.SignRaw(Prefixed(draft, "\"rol\\u0065s\":[],\"roles\":[]"))),
        ["alg twice"] = draft => Bearer(draft.SignRawHeader("{\"alg\":\"none\"," + draft.Header.ToJsonString()[1..])),
        ["payload null"] = draft => Bearer(draft.SignRaw("null")),
        ["payload an array"] = draft => Bearer(draft.SignRaw("[]")),
        ["payload empty object"] = draft => Bearer(draft.SignRaw("{}")),
        ["payload cut short"] = draft => Bearer(draft.SignRaw(draft.Claims.ToJsonString()[..^1])),
        ["payload with a tail"] = draft => Bearer(draft.SignRaw(draft.Claims.ToJsonString() + "{}")),
        ["payload with a comment"] = draft => Bearer(draft.SignRaw("/**/" + draft.Claims.ToJsonString())),
        ["payload with a byte order mark"] = draft => Bearer(draft.SignRaw("\uFEFF" + draft.Claims.ToJsonString())),
        ["payload a thousand levels deep"] = draft =>
            Bearer(draft.SignRaw(Prefixed(draft, "\"deep\":" + new string('[', 1000) + new string(']', 1000)))),
        ["lone surrogate in a claim"] = draft => Bearer(draft.SignRaw(Prefixed(draft, "\"appidacr\":\"\\uD800\""))),
        ["invalid utf-8 in a claim"] = draft => Bearer(Draft.SignParts(draft.HeaderPart, Latin1(draft), TokenBench.Key)),
        ["header null"] = draft => Bearer(draft.SignRawHeader("null")),
        ["header with names in upper case"] = draft => Bearer(draft.SignRawHeader(draft.Header.ToJsonString().Replace("alg", "ALG"))),
    };

    private static string Issuer(Guid tenant) => $"http://127.0.0.1:5280/{tenant}/v2.0";

    private static string Prefixed(Draft draft, string members) => "{" + members + "," + draft.Claims.ToJsonString()[1..];

    private static string Padded(Draft draft)
    {
        // Filled up to a length that needs padding, so that only the padding is wrong.
        while (draft.ClaimsPart.Length % 4 == 0)
            draft.Claims["pad"] = (draft.Claims["pad"]?.ToString() ?? "") + "x";
        return draft.ClaimsPart + new string('=', 4 - (draft.ClaimsPart.Length % 4));
    }

    private static string Latin1(Draft draft)
    {
        draft.Claims["iss"] = "caf!";
        var bytes = Encoding.UTF8.GetBytes(draft.Claims.ToJsonString());
        bytes[bytes.AsSpan().IndexOf("!"u8)] = 0xE9;
        return Base64Url.EncodeToString(bytes);
    }

    private static string Unsigned(Draft draft, string algorithm)
    {
        draft.Header["alg"] = algorithm;
        return $"{draft.HeaderPart}.{draft.ClaimsPart}";
    }

    private static string Hmac(Draft draft, string secret)
    {
        var signed = Unsigned(draft, "HS256");
        return signed + "." + Base64Url.EncodeToString(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)));
    }

    private static string Ecdsa(Draft draft)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signed = Unsigned(draft, "ES256");
        return signed + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));
    }

    private static string Flip(string token, int at)
    {
        var dot = token.LastIndexOf('.');
        var signature = Base64Url.DecodeFromChars(token.AsSpan(dot + 1));
        signature[at] ^= 1;
        return token[..(dot + 1)] + Base64Url.EncodeToString(signature);
    }

    /// <summary>256 bytes end in a letter that carries two bits and leaves four unused.</summary>
    private static string StrayBits(string token)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return token[..^1] + Alphabet[Alphabet.IndexOf(token[^1], StringComparison.Ordinal) | 1];
    }
}
