using System.Text.Json.Nodes;
using Concordat.Core.Policy;

namespace Concordat.Server.Tests.PartnerCenter;

public class BulkToolTests(Servers servers)
{
    private const string Records = "/v1/partners/customeragreementrecords";
    private const string Post = "/v1/CreateBulkReAttestation";

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Records_OfThePartner_AreThoseTheGateBlocks(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);

        var answer = await server.SendAsync("GET", Records + "?continuation_token=", partner: "harbor");

        Assert.Equal(200, answer.Status);
        Assert.Equal(["customerAgreementRecords"], answer.Json.AsObject().Select(member => member.Key));
        var records = answer.Json["customerAgreementRecords"]!.AsArray().ToDictionary(record => record!["customerTenantId"]!.GetValue<string>());
        var (never, stale) = (TestServer.Customer("never", "harbor").ToString(), TestServer.Customer("attested-stale", "harbor").ToString());
        Assert.Equal(new[] { never, stale, TestServer.Customer("two-partners", "harbor").ToString() }.Order(), records.Keys.Order());
        Assert.Equal(0, records[never]!["lastAgreementDateEpoch"]!.GetValue<long>());
        Assert.Null(records[never]!["lastAgreementPrimaryContact"]);
        Assert.Equal(new DateTimeOffset(2022, 6, 15, 3, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), records[stale]!["lastAgreementDateEpoch"]!.GetValue<long>());
        Assert.Equal("bramble.signatory@bramble.example", records[stale]!["lastAgreementPrimaryContact"]!["email"]!.GetValue<string>());
        Assert.False(records[stale]!["partnerAttestationCompleted"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("continuation_token=rubbish")]
    [InlineData("continuationToken=AAAA")]
    [InlineData("CONTINUATION_TOKEN=AgAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Records_ForgedToken_IsRefused(string query) =>
        Assert.Equal(400, (await (await servers.GetAsync("sqlite")).SendAsync("GET", $"{Records}?{query}")).Status);

    [Theory]
    [InlineData("helpdesk", "aozora", 403)]
    [InlineData("app", "aozora", 403)]
    [InlineData("user", "sakura", 403)]
    [InlineData("sales", "aozora", 200)]
    public async Task Both_Callers_AreAgentsWithUserTokens(string who, string partner, int status)
    {
        var server = await servers.GetAsync("sqlite");

        Assert.Equal(status, (await server.SendAsync("GET", Records, partner: partner, who: who)).Status);
        Assert.Equal(status, (await server.SendAsync("POST", Post, "[]", partner, who)).Status);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Post_MixedBatch_HasAnOutcomePerRecordAndReplays(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var stored = (await server.SendAsync("GET", Records)).Json["customerAgreementRecords"]!.AsArray().ToDictionary(
            record => record!["customerTenantId"]!.GetValue<string>(), record => record!["lastAgreementPrimaryContact"]);
        var stale = TestServer.Customer("attested-stale").ToString();
        var body = "[" + string.Join(',',
            Record(server, stale, stored[stale]!.ToJsonString()),
            Record(server, TestServer.Customer("never").ToString(), """{"firstName":"A","lastName":"B","email":"a@b.example","phoneNumber":""}"""),
            Record(server, "no-guid", "{}"),
            Record(server, TestServer.Customer("never", "harbor").ToString(), """{"firstName":"A","lastName":"B","email":"a@b.example"}"""),
            Record(server, TestServer.Customer("refused").ToString(), "{}", partner: TestServer.Partner("harbor").Id.ToString()),
            Record(server, TestServer.Customer("refused").ToString(), """{"firstName":"A","lastName":"B","email":"a@b.example"}""", direct: "true"),
            Record(server, TestServer.Customer("attested-current").ToString(), """{"firstName":"花子","lastName":"佐藤","email":"yamabuki.signatory@yamabuki.example","phoneNumber":"0355550100"}"""),
            """{"customerId":5}""", "7") + "]";

        var answer = await server.SendAsync("POST", Post, body, headers: ("MS-RequestId", "11111111-2222-4333-8444-555555555555"));
        var again = await server.SendAsync("POST", Post, body, headers: ("MS-RequestId", "11111111-2222-4333-8444-555555555555, x"));
        var left = await server.SendAsync("GET", Records);

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            [(201, null), (201, null), (400, 900118), (404, 60003), (403, 900150), (400, 800002), (409, 600061), (400, 800002), (400, 800002)],
            answer.Json.AsArray().Select(outcome => (outcome!["status"]!.GetValue<int>(), outcome["code"]?.GetValue<int>())));
        Assert.Equal(answer.Body, again.Body);
        Assert.Equal(stored.Count - 2, left.Json["customerAgreementRecords"]!.AsArray().Count);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Post_FiveHundredRecords_FitsAndAnswersAll(string engine)
    {
        var server = await servers.GetAsync(engine);
        var record = Record(server, "0b6b7e0c-0000-4000-8000-00000000f00d", """{"firstName":"Longname","lastName":"Longname","email":"someone@somewhere.example","phoneNumber":"+81355550100"}""");

        var answer = await server.SendAsync("POST", Post, $"[{string.Join(',', Enumerable.Repeat(record, 500))}]");

        Assert.Equal(200, answer.Status);
        Assert.Equal(500, answer.Json.AsArray().Count(outcome => outcome!["status"]!.GetValue<int>() == 404));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[")]
    public async Task Post_NoArray_IsRefused(string body) =>
        Assert.Equal(400, (await (await servers.GetAsync("sqlite")).SendAsync("POST", Post, body)).Status);

    [Fact]
    public async Task Post_TooManyRecords_IsRefused() => Assert.Equal(400,
        (await (await servers.GetAsync("sqlite")).SendAsync("POST", Post, $"[{string.Join(',', Enumerable.Repeat("1", 10_001))}]")).Status);

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Legacy_AroundItsRetirement_WorksWithNoticeOrIsRefused(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var path = $"/v1/customers/{TestServer.Customer("never")}/agreements";
        await server.Clock.SetAsync(PartnerEnvironment.Production, new DateTimeOffset(2026, 1, 4, 12, 0, 0, TimeSpan.Zero));
        var before = await server.SendAsync("POST", path, server.Confirmation("one@x.example"));
        await server.Clock.SetAsync(PartnerEnvironment.Production, new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));

        var works = await server.SendAsync("POST", path, server.Confirmation("two@x.example"));
        await server.SwitchAsync("aozora", "legacyAfterRetirement", "410");
        var gone = await server.SendAsync("POST", path, server.Confirmation("three@x.example"));
        var bulk = await server.SendAsync("POST", Post,
            $"[{Record(server, TestServer.Customer("attested-stale").ToString(), """{"firstName":"A","lastName":"B","email":"a@b.example"}""")}]");
        await server.SwitchAsync("aozora", "legacyAfterRetirement", "400");
        var refused = await server.SendAsync("POST", path, server.Confirmation("three@x.example"));

        Assert.Equal((201, false), (before.Status, before.Headers.ContainsKey("Deprecation")));
        Assert.Equal((201, "@1767571200"), (works.Status, works.Headers["Deprecation"]));
        Assert.Contains("rel=\"deprecation\"", works.Headers["Link"], StringComparison.Ordinal);
        Assert.Equal((410, 900141), (gone.Status, gone.Code));
        Assert.Equal((400, 900141), (refused.Status, refused.Code));
        Assert.Equal((200, 410), (bulk.Status, bulk.Json[0]!["status"]!.GetValue<int>()));
        Assert.Equal(2, (await server.SendAsync("GET", $"{path}?agreementType=*")).Json["totalCount"]!.GetValue<int>());
        await Invariants.CheckAsync(server.Parts);
    }

    private static string Record(TestServer server, string customer, string contact, string? partner = null, string direct = "false")
    {
        var agreement = JsonNode.Parse(server.Confirmation())!;
        agreement["primaryContact"] = JsonNode.Parse(contact);
        return $$"""
            {"partnerId":"{{partner ?? TestServer.Partner("aozora").Id.ToString()}}","customerId":"{{customer}}",
             "agreement":{{agreement.ToJsonString()}},"customerDirectAcceptance":{{direct}} }
            """;
    }
}
