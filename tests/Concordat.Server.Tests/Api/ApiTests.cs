using System.Text.Json.Nodes;
using Concordat.Core.Policy;

namespace Concordat.Server.Tests.Api;

public class ApiTests(Servers servers)
{
    [Theory]
    [InlineData("GET", null, "aozora", "app")]
    [InlineData("POST", "anything", "aozora", "helpdesk")]
    [InlineData("GET", null, "sakura", "user")]
    public async Task Ping_AnyKnownToken_AnswersAnEmptyObject(string method, string? body, string partner, string who)
    {
        var answer = await (await servers.GetAsync("sqlite")).SendAsync(method, "/api/ping", body, partner, who);

        Assert.Equal((200, "{}"), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404, "notFound")]
    [InlineData("DELETE", "/api/ping", 405, "methodNotAllowed")]
    [InlineData("GET", "/api/customers/x/standing", 400, "invalidCustomerId")]
    public async Task Errors_UnderApi_AreProblemDocuments(string method, string path, int status, string code)
    {
        var answer = await (await servers.GetAsync("sqlite")).SendAsync(method, path);

        Assert.Equal((status, code), (answer.Status, answer.Json["code"]!.GetValue<string>()));
        Assert.Equal(status, answer.Json["status"]!.GetValue<int>());
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
    }

    [Fact]
    public async Task Errors_NoToken_Is401()
    {
        using var http = new HttpClient { BaseAddress = new Uri((await servers.GetAsync("sqlite")).BaseUrl) };

        using var answer = await http.GetAsync(new Uri("/api/ping", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Standing_Attested_ShowsFactsTimesAndVerdicts(string engine)
    {
        var server = await servers.GetAsync(engine);
        var path = $"/api/customers/{TestServer.Customer("direct-and-attested")}/standing";

        var agent = (await server.SendAsync("GET", path, who: "sales")).Json;
        var reader = (await server.SendAsync("GET", path, who: "helpdesk")).Json;

        Assert.Equal("directlyAccepted", agent["standing"]!.GetValue<string>());
        Assert.Equal(("2022-06-15T03:00:00.000Z", "inferred"), (agent["dateAgreed"]!.GetValue<string>(), agent["versionKnown"]!.GetValue<string>()));
        var facts = agent["facts"]!.AsArray();
        Assert.Equal([("confirmed", "partner-legacy"), ("acceptedDirectly", "direct")],
            facts.Select(fact => (fact!["kind"]!.GetValue<string>(), fact["method"]!.GetValue<string>())));
        Assert.Equal("redkite.signatory@redkite.example", facts[0]!["contact"]!["email"]!.GetValue<string>());
        Assert.DoesNotContain("@redkite", reader.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(Enum.GetValues<ActionClass>().Length, agent["verdicts"]!.AsArray().Count);
        Assert.All(agent["verdicts"]!.AsArray(), verdict => Assert.True(verdict!["permitted"]!.GetValue<bool>()));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Explanation_OfARefusal_TellsRuleFactsAndRemediesToItsPartnerOnly(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = TestServer.Customer("attested-stale", "harbor");
        var refused = await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order(), "harbor");
        var path = refused.Headers["Link"].Split('<', '>')[1];

        var mine = await server.SendAsync("GET", path, partner: "harbor");
        var others = await server.SendAsync("GET", path);

        Assert.Equal(200, mine.Status);
        var decision = Assert.Single(mine.Json["decisions"]!.AsArray())!;
        Assert.Equal(("create_order", "failed"), (decision["operation"]!.GetValue<string>(), decision["status"]!.GetValue<string>()));
        Assert.Equal(900428, decision["decision"]!["code"]!.GetValue<int>());
        Assert.Equal("attestedBeforeCutOff", decision["decision"]!["facts"]!["reason"]!.GetValue<string>());
        Assert.Equal(["attest", "acceptDirectly"], decision["decision"]!["remedies"]!.AsArray().Select(word => word!.GetValue<string>()));
        Assert.Equal((404, "notFound"), (others.Status, others.Json["code"]!.GetValue<string>()));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Forecast_BeforeTheCutOff_NamesWhomItWillBlock(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Clock.SetAsync(PartnerEnvironment.Production, new DateTimeOffset(2025, 10, 1, 0, 0, 0, TimeSpan.Zero));

        var answer = await server.SendAsync("GET", "/api/forecast?at=2025-10-07T12:00:00Z");
        var standing = await server.SendAsync("GET", $"/api/customers/{TestServer.Customer("attested-stale")}/standing");

        Assert.Equal([TestServer.Customer("attested-stale").ToString()], Texts(answer.Json["newlyBlocked"]!));
        var counts = answer.Json["counts"]!;
        Assert.Equal((9, 1), (counts["customers"]!.GetValue<int>(), counts["newlyBlocked"]!.GetValue<int>()));
        Assert.Equal(counts["blockedNow"]!.GetValue<int>() + 1, counts["blockedThen"]!.GetValue<int>());
        Assert.Equal(9, counts["standings"]!.AsObject().Sum(state => state.Value!.GetValue<int>()));
        Assert.Equal("2025-10-07T00:00:00.000Z", standing.Json["nextChange"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?at=2020-01-01T00:00:00Z")]
    [InlineData("?at=2030-01-01T00:00:00Z&continuationToken=rubbish")]
    [InlineData("?at=soon")]
    public async Task Forecast_BadQuestion_IsRefused(string query) =>
        Assert.Equal(400, (await (await servers.GetAsync("sqlite")).SendAsync("GET", "/api/forecast" + query)).Status);

    private static IEnumerable<string> Texts(JsonNode list) => list.AsArray().Select(item => item!.GetValue<string>());
}
