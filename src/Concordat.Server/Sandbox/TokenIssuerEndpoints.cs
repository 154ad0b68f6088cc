using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Concordat.Server.Sandbox;

/// <summary>
/// The sandbox issuer's HTTP surface, at the paths that Entra ID uses: discovery, keys, and the token endpoint in its v2
/// (<c>scope</c>) and v1 (<c>resource</c>) forms. Both give the same v2.0 tokens.
/// </summary>
internal static class TokenIssuerEndpoints
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Tokens for these can be had, as in life, and are refused by this service for their audience.</summary>
    private static readonly string[] OtherAudiences = ["https://graph.windows.net", "https://graph.microsoft.com"];

    /// <summary>Maps it all. The directory is asked on each request, so that a reset of the sandbox takes effect at once.</summary>
    public static void MapTokenIssuer(
        this IEndpointRouteBuilder routes, TokenIssuer issuer, Func<SandboxDirectory> directory, IReadOnlyList<string> audiences,
        AuthorizationCodes codes)
    {
        var grants = new TokenGrants(issuer, directory, [.. audiences, .. OtherAudiences], codes);
        foreach (var version in new[] { "", "/v2.0" })
        {
            routes.MapGet($"/{{tenant}}{version}/.well-known/openid-configuration",
                (string tenant) => Discovery(issuer, directory(), tenant, version));
            routes.MapGet($"/{{tenant}}/discovery{version}/keys", () => Keys(issuer));
            routes.MapPost($"/{{tenant}}/oauth2{version}/token", async (string tenant, HttpContext context) =>
                Answer(issuer, context.Response, await ReadAsync(tenant, context.Request) is { } request
                    ? grants.Decide(request) : (null, TokenGrants.Malformed)));
        }
    }

    private static IResult Discovery(TokenIssuer issuer, SandboxDirectory directory, string tenant, string version)
    {
        var shared = tenant.ToUpperInvariant() is "COMMON" or "ORGANIZATIONS";
        if (!shared && directory.Find(tenant) is null)
            return Json(new JsonObject { ["error"] = "invalid_tenant", ["error_description"] = "AADSTS90002: No such tenant." }, 400);
        var id = shared ? "{tenantid}" : directory.Find(tenant)!.Id.ToString("D");
        var root = $"{issuer.Root}/{tenant}";
        return Json(new JsonObject
        {
            ["issuer"] = $"{issuer.Root}/{id}/v2.0",
            ["token_endpoint"] = $"{root}/oauth2{version}/token",
            // One page for both versions.
            ["authorization_endpoint"] = $"{root}/oauth2/v2.0/authorize",
            ["jwks_uri"] = $"{root}/discovery{version}/keys",
            ["grant_types_supported"] = new JsonArray("authorization_code", "client_credentials", "password", "refresh_token"),
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
            ["response_modes_supported"] = new JsonArray("query"),
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "client_secret_basic"),
            ["response_types_supported"] = new JsonArray("code"),
            ["subject_types_supported"] = new JsonArray("pairwise"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            ["scopes_supported"] = new JsonArray("openid", "profile", "offline_access"),
        });
    }

    private static IResult Keys(TokenIssuer issuer) => Json(new JsonObject
    {
        ["keys"] = new JsonArray(new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = issuer.Kid,
            ["n"] = issuer.Modulus,
            ["e"] = issuer.Exponent,
            ["issuer"] = $"{issuer.Root}/{{tenantid}}/v2.0",
        }),
    });

    /// <summary>Null when the body is not a form.</summary>
    private static async Task<TokenRequest?> ReadAsync(string tenant, HttpRequest request)
    {
        if (!request.HasFormContentType)
            return null;
        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return null;
        }
        var scopes = Text(form, "scope")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var (id, secret) = BasicCredentials(request);
        return new TokenRequest(
            tenant, Text(form, "grant_type"), Text(form, "client_id") ?? id, Text(form, "client_secret") ?? secret,
            AudienceOf(Text(form, "resource"), scopes), Text(form, "username"), Text(form, "password"),
            Text(form, "refresh_token"), Text(form, "amr") == "pwd" || scopes.Contains("amr=pwd"))
        {
            Code = Text(form, "code"),
            RedirectUri = Text(form, "redirect_uri"),
            CodeVerifier = Text(form, "code_verifier"),
        };
    }

    private static string? Text(IFormCollection form, string name) =>
        form[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>A scope is a resource, a slash, and a permission; openid and its like name none.</summary>
    private static string? AudienceOf(string? resource, string[] scopes)
    {
        var scope = scopes.FirstOrDefault(word => word.Contains("://", StringComparison.Ordinal));
        var audience = resource ?? (scope is null ? null : scope[..scope.LastIndexOf('/')]);
        return audience?.TrimEnd('/');
    }

    /// <summary>RFC 6749 section 2.3.1; a header that does not read counts as none.</summary>
    private static (string? Id, string? Secret) BasicCredentials(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            || !string.Equals(header.Scheme, "Basic", StringComparison.OrdinalIgnoreCase))
            return (null, null);
        var bytes = new byte[header.Parameter?.Length ?? 0];
        if (!Convert.TryFromBase64String(header.Parameter ?? "", bytes, out var length))
            return (null, null);
        return Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var id, var secret]
            ? (Uri.UnescapeDataString(id), Uri.UnescapeDataString(secret)) : (null, null);
    }

    private static IResult Answer(TokenIssuer issuer, HttpResponse response, (TokenGrant? Grant, GrantError? Error) outcome)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        if (outcome is not { Grant: { } grant })
            return Json(new JsonObject
            {
                ["error"] = outcome.Error!.Error,
                ["error_description"] = $"AADSTS{outcome.Error.Number}: {outcome.Error.Description}",
                ["error_codes"] = new JsonArray(outcome.Error.Number),
            }, outcome.Error.Status);
        if (grant.SignIn is { } signIn)
            return Json(new JsonObject
            {
                ["token_type"] = "Bearer",
                ["scope"] = "openid profile",
                ["expires_in"] = (int)Lifetime.TotalSeconds,
                ["id_token"] = issuer.MintIdToken(signIn, Lifetime),
            });
        var body = new JsonObject
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)Lifetime.TotalSeconds,
            ["ext_expires_in"] = (int)Lifetime.TotalSeconds,
            ["access_token"] = issuer.Mint(grant.Caller, Lifetime, grant.Audience, grant.PublicClient),
            ["resource"] = grant.Audience,
        };
        if (grant.RefreshToken is { } refresh)
            (body["refresh_token"], body["scope"]) = (refresh, $"{grant.Audience}/user_impersonation");
        return Json(body);
    }

    private static IResult Json(JsonObject body, int status = 200) =>
        Results.Text(body.ToJsonString(), "application/json", Encoding.UTF8, status);
}
