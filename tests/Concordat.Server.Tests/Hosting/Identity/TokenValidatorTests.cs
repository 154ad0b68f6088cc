using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Core;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Tests.Hosting.Identity;

public sealed class TokenValidatorTests : IDisposable
{
    private readonly TokenBench bench = new();

    public static TheoryData<string, bool> BadNames()
    {
        var data = new TheoryData<string, bool>();
        foreach (var name in BadTokens.All.Keys)
        {
            data.Add(name, false);
            data.Add(name, true);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task Authenticate_BadToken_IsRefusedAndNeverCached(string name, bool appOnly)
    {
        var header = BadTokens.All[name](bench.Draft(appOnly ? CallerKind.AppOnly : CallerKind.AppPlusUser));

        var outcome = await bench.AskAsync(header);
        var again = await bench.AskAsync(header);

        Assert.False(outcome.TryGetValue(out _, out var problem), name);
        Assert.Contains(problem.Code, new[] { ProblemCode.TokenMissing, ProblemCode.TokenInvalid, ProblemCode.TokenAudience });
        Assert.Equal(problem, again.Problem);
        Assert.Equal(0, bench.Cache.Count);
    }

    [Fact]
    public void BadTokens_PerKind_AreAtLeastSixty() => Assert.True(BadTokens.All.Count >= 60);

    [Theory]
    [InlineData("no header", ProblemCode.TokenMissing)]
    [InlineData("basic", ProblemCode.TokenMissing)]
    [InlineData("scheme and space", ProblemCode.TokenMissing)]
    [InlineData("aud of Graph", ProblemCode.TokenAudience)]
    [InlineData("aud of old Graph", ProblemCode.TokenAudience)]
    [InlineData("expired 61 s ago", ProblemCode.TokenInvalid)]
    [InlineData("kid unknown", ProblemCode.TokenInvalid)]
    public async Task Authenticate_BadToken_SaysWhichKind(string name, object code)
    {
        var outcome = await bench.AskAsync(BadTokens.All[name](bench.Draft(CallerKind.AppPlusUser)));

        Assert.Equal(code, outcome.Problem!.Code);
    }

    [Theory]
    [InlineData("exp", -59)]
    [InlineData("nbf", 59)]
    [InlineData("nbf", 60)]
    [InlineData("iat", 59)]
    public async Task Authenticate_WithinTheSkew_IsAccepted(string claim, int seconds)
    {
        var draft = bench.Draft(CallerKind.AppPlusUser);
        draft.Claims[claim] = draft.Now + seconds;

        Assert.Null((await bench.AskAsync("Bearer " + draft.Sign())).Problem);
    }

    [Theory]
    [InlineData(false, "Bearer ")]
    [InlineData(false, "bearer ")]
    [InlineData(true, "Bearer ")]
    [InlineData(true, "BEARER ")]
    public async Task Authenticate_GoodToken_NamesTheCaller(bool appOnly, string scheme)
    {
        var kind = appOnly ? CallerKind.AppOnly : CallerKind.AppPlusUser;

        Assert.Equal(TokenBench.CallerOf(kind), (await bench.AskAsync(scheme + bench.Mint(kind))).Value);
    }

    [Fact]
    public async Task Authenticate_V1Token_NamesTheCaller()
    {
        var draft = bench.Draft(CallerKind.AppPlusUser);
        draft.Header["kid"] = TokenBench.OtherKid;
        draft.Claims["iss"] = $"http://127.0.0.1:5281/{TokenBench.Tenant}/";
        draft.Claims["ver"] = "1.0";
        (draft.Claims["appid"], draft.Claims["appidacr"]) = (TokenBench.App.ToString(), "0");

        Assert.Equal(TokenBench.App, (await bench.AskAsync("Bearer " + draft.SignWith(TokenBench.OtherKey))).Value.AppId);
    }

    [Fact]
    public async Task Authenticate_KeyBoundToAnotherTenant_IsRefused()
    {
        var header = "Bearer " + bench.Mint();
        var parameters = TokenBench.Key.ExportParameters(false);

        bench.Keys[0].Replace([new(bench.Issuer.Kid, parameters, $"http://127.0.0.1:5280/{TokenBench.OtherTenant}/v2.0")]);
        Assert.Equal(ProblemCode.TokenInvalid, (await bench.AskAsync(header)).Problem!.Code);

        bench.Keys[0].Replace([new(bench.Issuer.Kid, parameters, "http://127.0.0.1:5280/{tenantid}/v2.0")]);
        Assert.Null((await bench.AskAsync(header)).Problem);
    }

    [Fact]
    public async Task Validate_OtherAlgorithmOnceAllowed_IsAccepted()
    {
        var draft = bench.Draft(CallerKind.AppOnly);
        draft.Header["alg"] = "PS256";
        var signed = $"{draft.HeaderPart}.{draft.ClaimsPart}";
        var signature = TokenBench.Key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        var validator = new TokenValidator(bench.Options with { Algorithms = ["PS256"] }, bench.Keys, bench.Clock);

        var outcome = await validator.ValidateAsync(
            $"{signed}.{Base64Url.EncodeToString(signature)}".AsMemory(), TestContext.Current.CancellationToken);

        Assert.Equal(CallerKind.AppOnly, outcome.Value.Caller.Kind);
    }

    [Fact]
    public async Task Authenticate_RefusedToken_IsNotRepeatedInTheMessage()
    {
        foreach (var (name, spoil) in BadTokens.All)
        {
            var draft = bench.Draft(CallerKind.AppPlusUser);
            var message = (await bench.AskAsync(spoil(draft))).Problem!.Message;
            foreach (var secret in new[] { "evil.example", "unknown", "graph.", TokenBench.Oid.ToString(), draft.HeaderPart })
                Assert.False(message.Contains(secret, StringComparison.Ordinal), name);
        }
    }

    [Theory]
    [InlineData("AdminAgent", (int)Roles.AdminAgent)]
    [InlineData("SalesAgent HelpdeskAgent", (int)(Roles.SalesAgent | Roles.HelpdeskAgent))]
    [InlineData("ResellerUser", (int)Roles.ResellerUser)]
    [InlineData("Application", (int)Roles.None)]
    [InlineData("adminagent Nonsense", (int)Roles.None)]
    public async Task Authenticate_RolesOfAUser_AreReadExactly(string words, int roles)
    {
        var draft = bench.Draft(CallerKind.AppPlusUser);
        draft.Claims["roles"] = new JsonArray([.. words.Split(' ').Select(word => (JsonNode)word)]);

        Assert.Equal((Roles)roles, (await bench.AskAsync("Bearer " + draft.Sign())).Value.Roles);
    }

    [Fact]
    public async Task Authenticate_AppWithAUsersRole_GetsNone()
    {
        var draft = bench.Draft(CallerKind.AppOnly);
        draft.Claims["roles"] = new JsonArray("AdminAgent");

        Assert.Equal(Roles.None, (await bench.AskAsync("Bearer " + draft.Sign())).Value.Roles);
    }

    [Fact]
    public async Task Authenticate_ForgedDirectoryRolesAndNames_ChangeNothing()
    {
        var draft = bench.Draft(CallerKind.AppPlusUser);
        draft.Claims["roles"] = new JsonArray("HelpdeskAgent");
        draft.Claims["wids"] = new JsonArray("AdminAgent");
        (draft.Claims["upn"], draft.Claims["preferred_username"]) = ("admin@contoso.example", "admin@contoso.example");

        var caller = (await bench.AskAsync("Bearer " + draft.Sign())).Value;

        Assert.Equal((Roles.HelpdeskAgent, TokenBench.Oid), (caller.Roles, caller.Subject));
    }

    [Theory]
    [InlineData("pwd mfa", true)]
    [InlineData("pwd", false)]
    [InlineData("MFA", false)]
    public async Task Authenticate_Amr_TellsMfa(string words, bool mfa)
    {
        var draft = bench.Draft(CallerKind.AppPlusUser);
        draft.Claims["amr"] = new JsonArray([.. words.Split(' ').Select(word => (JsonNode)word)]);

        Assert.Equal(mfa, (await bench.AskAsync("Bearer " + draft.Sign())).Value.Mfa);
    }

    [Fact]
    public async Task Authenticate_RandomBytesInASignedPayload_NeverThrows()
    {
        var draft = bench.Draft(CallerKind.AppPlusUser);
        var good = Encoding.UTF8.GetBytes(draft.Claims.ToJsonString());
        var random = new Random(20260105);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = good.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var header = "Bearer " + Draft.SignParts(draft.HeaderPart, Base64Url.EncodeToString(bytes), TokenBench.Key);

            var outcome = await bench.AskAsync(header);

            Assert.True(outcome.Problem is not null || outcome.Value.Tenant.Value == TokenBench.Tenant);
        }
    }

    [Fact]
    public async Task Authenticate_RandomText_IsNeverAccepted()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var text = new char[random.Next(0, 60)];
            for (var i = 0; i < text.Length; i++)
                text[i] = random.Next(4) == 0 ? '.' : (char)random.Next(1, round % 2 == 0 ? 127 : 65_535);
            Assert.NotNull((await bench.AskAsync("Bearer " + new string(text))).Problem);
        }
    }

    [Fact]
    public void Faults_DefaultsWithEntra_AreNone() =>
        Assert.Empty(new IdentityOptions { Issuers = [IssuerOptions.EntraV1, IssuerOptions.EntraV2] }.Faults());

    [Fact]
    public void Faults_EverythingWrong_AreAllNamed()
    {
        var options = new IdentityOptions
        {
            Audiences = [""],
            Algorithms = ["none"],
            ClockSkew = TimeSpan.FromMinutes(5),
            Issuers = [new("https://sts.windows.net/", "3.0", new Uri("http://keys.example/"))],
        };

        Assert.Equal(6, options.Faults().Count());
    }

    public void Dispose() => bench.Dispose();
}
