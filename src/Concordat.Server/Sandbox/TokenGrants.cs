using System.Security.Cryptography;
using System.Text;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Sandbox;

/// <summary>
/// A token request after its form was read; members are null when they were not sent. <c>Audience</c> is what the scope
/// or the resource names; <c>PasswordOnly</c> asks for a sign-in without a second factor (<c>amr=pwd</c>, ours).
/// </summary>
internal sealed record TokenRequest(
    string Tenant, string? GrantType, string? ClientId, string? ClientSecret, string? Audience,
    string? UserName, string? Password, string? RefreshToken, bool PasswordOnly)
{
    /// <summary>For the authorization_code grant: the code, where it was sent, and the PKCE secret.</summary>
    public string? Code { get; init; }
    public string? RedirectUri { get; init; }
    public string? CodeVerifier { get; init; }
}

/// <summary>What a request earned. An application gets no refresh token: it can always ask again.</summary>
internal sealed record TokenGrant(Caller Caller, bool PublicClient, string Audience, string? RefreshToken)
{
    /// <summary>The sign-in behind a code; null for the other grants. It earns an id token and no access token.</summary>
    public IssuedCode? SignIn { get; init; }
}

/// <summary>A refusal in the words of RFC 6749 section 5.2, with Entra ID's number for it (AADSTS).</summary>
internal sealed record GrantError(int Status, string Error, int Number, string Description);

/// <summary>
/// Decides token requests: client_credentials for App-only, password and refresh_token for App+User, authorization_code for
/// people in browsers.
/// </summary>
internal sealed class TokenGrants(
    TokenIssuer issuer, Func<SandboxDirectory> directory, IReadOnlyList<string> audiences, AuthorizationCodes codes)
{
    public static readonly GrantError Malformed =
        new(400, "invalid_request", 900144, "Send a form with grant_type, client_id, and a scope (or resource).");

    private static readonly GrantError NoTenant = new(400, "invalid_request", 90002, "The sandbox has no such tenant.");
    private static readonly GrantError NoApp = new(400, "unauthorized_client", 700016, "The tenant has no such application.");
    private static readonly GrantError BadSecret = new(401, "invalid_client", 7000215, "The client secret is wrong.");
    private static readonly GrantError NoSecret = new(401, "invalid_client", 7000218, "Send the client's secret.");
    private static readonly GrantError BadAudience =
        new(400, "invalid_scope", 70011, "Ask for https://api.partnercenter.microsoft.com/.default.");
    private static readonly GrantError BadPassword = new(400, "invalid_grant", 50126, "User name or password is wrong.");
    private static readonly GrantError BadRefreshToken = new(400, "invalid_grant", 70000, "The refresh token is not one of ours.");
    private static readonly GrantError BadGrantType =
        new(400, "unsupported_grant_type", 70003, "Use client_credentials, password, refresh_token or authorization_code.");
    private static readonly GrantError BadCode =
        new(400, "invalid_grant", 70008, "The code is unknown, used or expired, or client, redirect URI or code_verifier are not those of its request.");

    /// <summary>The grant, or the error that goes with the failure; exactly one of the two is null.</summary>
    public (TokenGrant? Grant, GrantError? Error) Decide(TokenRequest request)
    {
        if (request is { GrantType: null } or { ClientId: null })
            return (null, Malformed);
        if (request.GrantType == "authorization_code")
            return GrantCode(request);
        if (request.GrantType is not ("client_credentials" or "password" or "refresh_token"))
            return (null, BadGrantType);
        if (TenantOf(request) is not { } tenant)
            return (null, NoTenant);
        if (tenant.Apps.FirstOrDefault(app => Guid.TryParse(request.ClientId, out var id) && id == app.AppId) is not { } app)
            return (null, NoApp);
        if (app.Secret is not null && request.ClientSecret is null)
            return (null, NoSecret);
        if (request.ClientSecret is not null && !SameSecret(request.ClientSecret, app.Secret))
            return (null, BadSecret);
        // A refresh may leave the scope out and gets what it had, which here is always Partner Center.
        var audience = request.Audience ?? (request.GrantType == "refresh_token" ? IdentityOptions.PartnerCenterAudience : null);
        if (audience is null || !audiences.Contains(audience, StringComparer.OrdinalIgnoreCase))
            return (null, BadAudience);
        return request.GrantType switch
        {
            "client_credentials" => GrantApp(tenant, app, audience),
            "password" => GrantPassword(tenant, app, audience, request),
            _ => GrantRefresh(tenant, app, audience, request),
        };
    }

    private (TokenGrant?, GrantError?) GrantCode(TokenRequest request)
    {
        var portal = directory().Portal;
        if (!Guid.TryParse(request.ClientId, out var client))
            return (null, NoApp);
        if (client == portal.AppId && !SameSecret(request.ClientSecret ?? "", portal.Secret))
            return (null, BadSecret);
        // Used up before it is compared: whoever guesses at a code spoils it.
        if (codes.Take(request.Code ?? "") is not { } code || client != code.Client || request.RedirectUri != code.RedirectUri
            || !code.IsVerifiedBy(request.CodeVerifier))
            return (null, BadCode);
        var caller = new Caller(new(code.Tenant), code.Person, client, CallerKind.AppPlusUser, code.Roles, code.Mfa);
        return (new TokenGrant(caller, PublicClient: false, client.ToString("D"), RefreshToken: null) { SignIn = code }, null);
    }

    private static (TokenGrant?, GrantError?) GrantApp(SandboxTenant tenant, SandboxApp app, string audience)
    {
        if (app.Secret is null)
            return (null, NoSecret);
        var caller = new Caller(new(tenant.Id), app.Oid, app.AppId, CallerKind.AppOnly, Roles.Application, Mfa: false);
        return (new TokenGrant(caller, PublicClient: false, audience, RefreshToken: null), null);
    }

    private (TokenGrant?, GrantError?) GrantPassword(SandboxTenant tenant, SandboxApp app, string audience, TokenRequest request)
    {
        var person = tenant.People.FirstOrDefault(one => IsNamed(one, request.UserName));
        return person is not null && SameSecret(request.Password ?? "", person.Password)
            ? (GrantPerson(tenant, app, audience, person, !request.PasswordOnly), null)
            : (null, BadPassword);
    }

    private (TokenGrant?, GrantError?) GrantRefresh(SandboxTenant tenant, SandboxApp app, string audience, TokenRequest request)
    {
        if (issuer.ReadRefreshToken(request.RefreshToken ?? "") is not { } held || held.Tenant != tenant.Id
            || tenant.People.FirstOrDefault(one => one.Oid == held.Oid) is not { } person)
            return (null, BadRefreshToken);
        // A refresh never adds a factor that the sign-in did not have.
        return (GrantPerson(tenant, app, audience, person, held.Mfa && !request.PasswordOnly), null);
    }

    private TokenGrant GrantPerson(SandboxTenant tenant, SandboxApp app, string audience, SandboxPerson person, bool mfa)
    {
        var caller = new Caller(new(tenant.Id), person.Oid, app.AppId, CallerKind.AppPlusUser, person.Roles, mfa);
        return new TokenGrant(caller, app.Secret is null, audience, issuer.MintRefreshToken(tenant.Id, person.Oid, mfa));
    }

    /// <summary>By id or domain; <c>common</c> and <c>organizations</c> mean the tenant of the user or of the refresh token.</summary>
    private SandboxTenant? TenantOf(TokenRequest request)
    {
        var now = directory();
        if (request.Tenant.ToUpperInvariant() is not ("COMMON" or "ORGANIZATIONS"))
            return now.Find(request.Tenant);
        return issuer.ReadRefreshToken(request.RefreshToken ?? "") is { } held
            ? now.Find(held.Tenant.ToString("D"))
            : now.Tenants.FirstOrDefault(tenant => tenant.People.Any(person => IsNamed(person, request.UserName)));
    }

    private static bool IsNamed(SandboxPerson person, string? userName) =>
        string.Equals(person.UserName, userName, StringComparison.OrdinalIgnoreCase);

    private static bool SameSecret(string sent, string? kept) => kept is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(kept));
}
