using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Sandbox;
using Concordat.Server.Tests.Hosting.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Concordat.Server.Tests.Sandbox;

public sealed class TokenIssuerEndpointsTests : IAsyncLifetime, IDisposable
{
    private const string Scope = "https://api.partnercenter.microsoft.com/.default";
    private static readonly Guid Tenant = TokenBench.Tenant;
    private static readonly SandboxPerson Admin = new(TokenBench.Oid, "admin@contoso.example", "p@ss", Roles.AdminAgent);
    private static readonly SandboxApp Web = new(TokenBench.App, new("55555555-5555-4555-8555-555555555555"), "s3cret");
    private static readonly SandboxApp Native = new(new("66666666-6666-4666-8666-666666666666"), Guid.Empty, null);
    private static readonly SandboxDirectory Directory = new(
        [new(Tenant, "contoso.example", [Admin], [Web, Native]), new(TokenBench.OtherTenant, "fabrikam.example", [], [Web])]);

    private readonly HttpClient http = new();
    private readonly WebApplication app;
    private readonly TokenIssuer issuer;
    private readonly Authentication authentication;

    public TokenIssuerEndpointsTests()
    {
        var wall = TimeProvider.System;
        issuer = new TokenIssuer(new Uri("http://127.0.0.1:5280/"), TokenBench.Key, new IdSource(wall), wall);
        var options = new IdentityOptions { Issuers = [issuer.Options] };
        var keys = new IssuerKeys(issuer.Options, http, wall, NullLogger<IssuerKeys>.Instance);
        keys.Replace([issuer.SigningKey]);
        authentication = new Authentication(new TokenValidator(options, [keys], wall), new TokenCache(wall));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapTokenIssuer(issuer, () => Directory, options.Audiences, new AuthorizationCodes(new IdSource(wall), wall));
    }

    public async ValueTask InitializeAsync()
    {
        await app.StartAsync(TestContext.Current.CancellationToken);
        http.BaseAddress = new Uri(app.Urls.First());
    }

    [Fact]
    public async Task Discovery_ByIdAndByDomain_NamesTheIssuerAndKeys()
    {
        foreach (var name in new[] { Tenant.ToString(), "CONTOSO.example" })
        {
            var document = await GetAsync($"/{name}/v2.0/.well-known/openid-configuration");
            Assert.Equal(issuer.Options.For(Tenant), (string?)document["issuer"]);
            Assert.EndsWith("/oauth2/v2.0/token", (string?)document["token_endpoint"], StringComparison.Ordinal);
        }
        Assert.Equal("http://127.0.0.1:5280/{tenantid}/v2.0",
            (string?)(await GetAsync("/common/v2.0/.well-known/openid-configuration"))["issuer"]);
        using var unknown = await http.GetAsync(new Uri("/nobody/v2.0/.well-known/openid-configuration", UriKind.Relative),
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
    }

    [Fact]
    public async Task Keys_AsPublished_VerifyAMintedToken()
    {
        var json = (await GetAsync($"/{Tenant}/discovery/v2.0/keys")).ToJsonString();

        var read = Assert.Single(KeySet.Read(Encoding.UTF8.GetBytes(json), issuerNeeded: true));

        var token = CompactToken.Parse(issuer.Mint(TokenBench.CallerOf(CallerKind.AppOnly), TimeSpan.FromHours(1)))!;
        Assert.Equal(token.Header.Kid, read.Kid);
        Assert.True(read.SignsFor(token.Claims.Iss, Tenant));
        Assert.True(read.Verifies("RS256", token.Signed, token.Signature));
    }

    [Theory]
    [InlineData("/oauth2/v2.0/token", "scope", Scope)]
    [InlineData("/oauth2/token", "resource", "https://api.partnercenter.microsoft.com")]
    [InlineData("/oauth2/token", "resource", "https://api.partnercenter.microsoft.com/")]
    public async Task Token_ClientCredentials_GivesAnAppOnlyCaller(string path, string name, string value)
    {
        var (status, body) = await PostAsync($"/contoso.example{path}", ("grant_type", "client_credentials"),
            ("client_id", Web.AppId.ToString()), ("client_secret", "s3cret"), (name, value));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((3600, "Bearer"), ((int)body["expires_in"]!, (string?)body["token_type"]));
        Assert.Null(body["refresh_token"]);
        Assert.Equal(new Caller(new(Tenant), Web.Oid, Web.AppId, CallerKind.AppOnly, Roles.Application, false), await CallerAsync(body));
    }

    [Fact]
    public async Task Token_ClientSecretInTheHeader_IsRead()
    {
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Web.AppId}:s3cret")));

        var (status, _) = await PostAsync($"/{Tenant}/oauth2/v2.0/token", ("grant_type", "client_credentials"), ("scope", Scope));

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Token_PasswordThenRefresh_GivesTheSamePersonWithMfa()
    {
        var (_, signedIn) = await PostAsync("/organizations/oauth2/v2.0/token", ("grant_type", "password"), ("client_id", Native.AppId.ToString()),
            ("username", "Admin@contoso.example"), ("password", "p@ss"), ("scope", "openid offline_access " + Scope));
        var (_, refreshed) = await PostAsync("/common/oauth2/v2.0/token", ("grant_type", "refresh_token"),
            ("client_id", Native.AppId.ToString()), ("refresh_token", (string?)signedIn["refresh_token"]));

        var person = new Caller(new(Tenant), Admin.Oid, Native.AppId, CallerKind.AppPlusUser, Roles.AdminAgent, Mfa: true);
        Assert.Equal(person, await CallerAsync(signedIn));
        Assert.Equal(person, await CallerAsync(refreshed));
    }

    [Theory]
    [InlineData("amr", "pwd", Scope)]
    [InlineData("unused", "x", "amr=pwd " + Scope)]
    public async Task Token_WithoutASecondFactor_StaysWithoutAfterARefresh(string name, string value, string scope)
    {
        var (_, signedIn) = await PostAsync($"/{Tenant}/oauth2/v2.0/token", ("grant_type", "password"), ("client_id", Native.AppId.ToString()),
            ("username", Admin.UserName), ("password", "p@ss"), ("scope", scope), (name, value));
        var (_, refreshed) = await PostAsync($"/{Tenant}/oauth2/v2.0/token", ("grant_type", "refresh_token"),
            ("client_id", Native.AppId.ToString()), ("refresh_token", (string?)signedIn["refresh_token"]), ("scope", Scope));

        Assert.False((await CallerAsync(signedIn)).Mfa);
        Assert.False((await CallerAsync(refreshed)).Mfa);
    }

    [Theory]
    [InlineData("client_secret", "wrong", 401, "invalid_client")]
    [InlineData("client_secret", null, 401, "invalid_client")]
    [InlineData("client_id", "66666666-6666-4666-8666-666666666666", 401, "invalid_client")]
    [InlineData("client_id", "77777777-7777-4777-8777-777777777777", 400, "unauthorized_client")]
    [InlineData("client_id", null, 400, "invalid_request")]
    [InlineData("grant_type", null, 400, "invalid_request")]
    [InlineData("grant_type", "authorization_code", 400, "invalid_grant")]
    [InlineData("grant_type", "device_code", 400, "unsupported_grant_type")]
    [InlineData("grant_type", "password", 400, "invalid_grant")]
    [InlineData("grant_type", "refresh_token", 400, "invalid_grant")]
    [InlineData("scope", null, 400, "invalid_scope")]
    [InlineData("scope", "openid", 400, "invalid_scope")]
    [InlineData("scope", "https://vault.azure.net/.default", 400, "invalid_scope")]
    public async Task Token_WrongRequest_AnswersTheOAuthError(string name, string? value, int status, string error)
    {
        var form = new Dictionary<string, string?>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = Web.AppId.ToString(),
            ["client_secret"] = "s3cret",
            ["scope"] = Scope,
            ["username"] = Admin.UserName,
            ["password"] = "wrong",
            ["refresh_token"] = "0.a.b.1.AAAA",
        };
        form[name] = value;

        var (actual, body) = await PostAsync($"/{Tenant}/oauth2/v2.0/token", [.. form.Select(pair => (pair.Key, pair.Value))]);

        Assert.Equal((status, error), ((int)actual, (string?)body["error"]));
        Assert.StartsWith("AADSTS", (string?)body["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_GraphScope_GivesATokenThatIsRefusedForItsAudience()
    {
        var (_, body) = await PostAsync($"/{Tenant}/oauth2/v2.0/token", ("grant_type", "client_credentials"),
            ("client_id", Web.AppId.ToString()), ("client_secret", "s3cret"), ("scope", "https://graph.windows.net/.default"));

        var outcome = await authentication.AuthenticateAsync($"Bearer {body["access_token"]}", TestContext.Current.CancellationToken);

        Assert.Equal(ProblemCode.TokenAudience, outcome.Problem!.Code);
    }

    [Fact]
    public async Task Token_NoForm_IsAnInvalidRequest()
    {
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri($"/{Tenant}/oauth2/v2.0/token", UriKind.Relative), content,
            TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public void ReadRefreshToken_ChangedOrForeign_IsNull()
    {
        var token = issuer.MintRefreshToken(Tenant, Admin.Oid, mfa: false);

        Assert.Equal((Tenant, Admin.Oid, false), issuer.ReadRefreshToken(token));
        Assert.Null(issuer.ReadRefreshToken(token.Replace(".0.", ".1.", StringComparison.Ordinal)));
        Assert.Null(issuer.ReadRefreshToken(issuer.Mint(TokenBench.CallerOf(CallerKind.AppOnly), TimeSpan.FromHours(1))));
        Assert.Null(issuer.ReadRefreshToken("...."));
    }

    [Fact]
    public async Task RefreshToken_AsABearerToken_IsRefused()
    {
        var header = "Bearer " + issuer.MintRefreshToken(Tenant, Admin.Oid, mfa: true);

        var outcome = await authentication.AuthenticateAsync(header, TestContext.Current.CancellationToken);

        Assert.Equal(ProblemCode.TokenInvalid, outcome.Problem!.Code);
    }

    [Fact]
    public void Open_SecondTime_GivesTheSameKey()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "issuer.pem");
            using var made = TokenIssuerKey.Open(file);
            using var read = TokenIssuerKey.Open(file);
            Assert.Equal(made.ExportSubjectPublicKeyInfo(), read.ExportSubjectPublicKeyInfo());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Dispose();
    }

    public void Dispose() => http.Dispose();

    private async Task<Caller> CallerAsync(JsonObject body) =>
        (await authentication.AuthenticateAsync($"Bearer {body["access_token"]}", TestContext.Current.CancellationToken)).Value;

    private async Task<JsonObject> GetAsync(string path) =>
        JsonNode.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken))!.AsObject();

    private async Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(string path, params (string Name, string? Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Where(field => field.Value is not null)
            .Select(field => KeyValuePair.Create(field.Name, field.Value!)));
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonNode.Parse(text)!.AsObject());
    }
}
