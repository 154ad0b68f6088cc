using System.Text.Json.Nodes;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Tests.Hosting.Identity;

/// <summary>Id tokens by the rules of access tokens and by those that OpenID Connect adds.</summary>
public sealed class IdTokenTests : IDisposable
{
    private const string Nonce = "n-0S6_WzA2Mj";
    private readonly TokenBench bench = new();

    /// <summary>One change that spoils a good token; a null value takes the claim away.</summary>
    public static TheoryData<string, string?> Spoilt => new()
    {
        { "aud", "\"99999999-9999-4999-8999-999999999999\"" }, { "aud", "\"https://api.partnercenter.microsoft.com\"" }, { "aud", "[\"44444444-4444-4444-8444-444444444444\"]" },
        { "azp", "\"99999999-9999-4999-8999-999999999999\"" }, { "scp", "\"user_impersonation\"" }, { "idtyp", "\"user\"" }, { "ver", "\"1.0\"" },
        { "nonce", null }, { "nonce", "\"\"" }, { "nonce", "\"N-0S6_WzA2Mj\"" }, { "nonce", "\"n-0S6_WzA2Mj \"" }, { "nonce", "1" }, { "nonce", "null" },
        { "iss", "\"http://127.0.0.1:5280/22222222-2222-4222-8222-222222222222/v2.0\"" }, { "iss", "\"https://elsewhere.example/11111111-1111-4111-8111-111111111111/v2.0\"" },
        { "tid", "\"22222222-2222-4222-8222-222222222222\"" }, { "tid", "\"9188040d-6c67-4c5b-b112-36a304b66dad\"" }, { "tid", null }, { "oid", null },
        { "oid", "\"00000000-0000-0000-0000-000000000000\"" }, { "exp", "1767614339" }, { "exp", "-1" }, { "exp", "1e400" }, { "exp", null }, { "nbf", "1767614461" },
        { "iat", "1767614461" }, { "auth_time", "1767614461" }, { "auth_time", "-5" }, { "auth_time", "\"1767614400\"" }, { "auth_time", "99999999999999999" },
    };

    [Fact]
    public async Task Validate_Good_NamesThePerson()
    {
        var person = (await AskAsync(Sign())).Value;

        Assert.Equal(new Identified(TokenBench.Tenant, TokenBench.Oid, Roles.AdminAgent, true, bench.Clock.GetUtcNow(), Guest: false), person);
    }

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task Validate_Spoilt_IsRefused(string claim, string? value) =>
        Assert.NotNull((await AskAsync(Sign(claims => Set(claims, claim, value)))).Problem);

    [Theory]
    [InlineData("""["62e90394-69f5-4237-9190-012177145e10"]""", (int)(Roles.AdminAgent | Roles.GlobalAdministrator))]
    [InlineData("""["62E90394-69F5-4237-9190-012177145E10","b79fbf4d-3ef9-4689-8143-76b194e85509"]""", (int)(Roles.AdminAgent | Roles.GlobalAdministrator))]
    [InlineData("""["b79fbf4d-3ef9-4689-8143-76b194e85509"]""", (int)Roles.AdminAgent)]
    [InlineData("[]", (int)Roles.AdminAgent)]
    public async Task Validate_DirectoryRoles_OnlyTheGlobalAdministratorCounts(string wids, int roles) =>
        Assert.Equal((Roles)roles, (await AskAsync(Sign(claims => Set(claims, "wids", wids)))).Value.Roles);

    [Theory]
    [InlineData("http://127.0.0.1:5280/11111111-1111-4111-8111-111111111111/v2.0", false)]
    [InlineData("https://sts.windows.net/22222222-2222-4222-8222-222222222222/", true)]
    public async Task Validate_IdentityProvider_TellsGuestsApart(string idp, bool guest) =>
        Assert.Equal(guest, (await AskAsync(Sign(claims => claims["idp"] = idp))).Value.Guest);

    [Theory]
    [InlineData("""["c2","c1"]""", true)]
    [InlineData("""["c2"]""", false)]
    public async Task Validate_WithoutAmr_AnAuthenticationContextProvesTheSecondFactor(string acrs, bool mfa) =>
        Assert.Equal(mfa, (await AskAsync(Sign(claims =>
        {
            claims.Remove("amr");
            Set(claims, "acrs", acrs);
        }), authContext: "c1")).Value.Mfa);

    [Fact]
    public async Task Validate_StepUp_TakesAFreshAuthenticationOnly()
    {
        var since = bench.Clock.GetUtcNow() - TimeSpan.FromMinutes(15);

        Assert.Null((await AskAsync(Sign(claims => claims["auth_time"] = since.ToUnixTimeSeconds()), since: since)).Problem);
        Assert.NotNull((await AskAsync(Sign(claims => claims["auth_time"] = since.ToUnixTimeSeconds() - 1), since: since)).Problem);
        Assert.NotNull((await AskAsync(Sign(claims => claims.Remove("auth_time")), since: since)).Problem);
    }

    [Fact]
    public async Task Validate_AccessToken_IsNoIdToken() => Assert.NotNull((await AskAsync(bench.Mint())).Problem);

    [Fact]
    public async Task Validate_ForeignKeyOrHeader_IsRefused()
    {
        var draft = new Draft(bench, CallerKind.AppPlusUser);
        Fill(draft.Claims);
        Assert.NotNull((await AskAsync(draft.SignWith(TokenBench.OtherKey))).Problem);
        draft.Header["typ"] = "at+jwt";
        Assert.NotNull((await AskAsync(draft.Sign())).Problem);
        draft.Header["typ"] = "JWT";
        draft.Header["alg"] = "none";
        Assert.NotNull((await AskAsync($"{draft.HeaderPart}.{draft.ClaimsPart}.")).Problem);
    }

    [Fact]
    public async Task IdToken_AsBearer_IsRefused() => Assert.NotNull((await bench.AskAsync("Bearer " + Sign())).Problem);

    public void Dispose() => bench.Dispose();

    private Task<Core.Outcome<Identified>> AskAsync(string token, DateTimeOffset? since = null, string? authContext = null) =>
        bench.Validator.ValidateIdTokenAsync(token, new ExpectedIdToken(TokenBench.App, Nonce, authContext, since), TestContext.Current.CancellationToken).AsTask();

    private string Sign(Action<JsonObject>? change = null)
    {
        var draft = new Draft(bench, CallerKind.AppPlusUser);
        Fill(draft.Claims);
        change?.Invoke(draft.Claims);
        return draft.SignRaw(draft.Claims.ToJsonString().Replace("\"1e400\"", "1e400", StringComparison.Ordinal));
    }

    private void Fill(JsonObject claims)
    {
        claims["aud"] = TokenBench.App.ToString("D");
        claims["nonce"] = Nonce;
        claims["auth_time"] = bench.Clock.GetUtcNow().ToUnixTimeSeconds();
        claims.Remove("scp");
        claims.Remove("azp");
        claims.Remove("azpacr");
    }

    private static void Set(JsonObject claims, string name, string? json)
    {
        if (json is null)
        {
            claims.Remove(name);
        }
        else
        {
            claims[name] = json == "1e400" ? json : JsonNode.Parse(json);
        }
    }
}
