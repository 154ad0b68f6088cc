using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Ledger;
using Concordat.Server.Storage;
using Concordat.Server.Tests.SignIn;

namespace Concordat.Server.Tests.Acceptance;

/// <summary>A signatory reads what is on record in their name, keeps it, disputes it; the partner settles the dispute.</summary>
public sealed class MyAgreementTests(Servers servers)
{
    private static readonly Dictionary<string, string> Confirmed = new() { ["confirm"] = "yes", ["words"] = "I was on leave that day.", ["lang"] = "en" };

    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Page_BehindTheNoticesLink_ShowsTheRecordAndGivesItToKeep(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var link = await OwnLinks.ConfirmAsync(server, customer);
        using var browser = new Browser(server);

        var page = await browser.GetAsync(link + "?lang=en");
        var record = JsonNode.Parse((await browser.GetAsync(link + "?download=record")).Body)!;

        var text = WebUtility.HtmlDecode(page.Body);
        Assert.Equal(200, page.Status);
        Assert.All(
            (string[])["Hanako Sato", "Fresh Bakery", TestServer.Partner("aozora").Name, "Accepted, as stated", "Confirmed by the partner", "Recorded here"],
            expected => Assert.Contains(expected, text, StringComparison.Ordinal));
        var entry = Convert.FromBase64String(record["entry"]!.GetValue<string>());
        using var json = JsonDocument.Parse(entry);
        var digests = json.RootElement.GetProperty("_sd").EnumerateArray().Select(digest => digest.GetString()!).ToHashSet();
        var opened = record["disclosures"]!.AsArray().Select(line => Disclosure.DigestOf(line!.GetValue<string>())).ToHashSet();
        Assert.True(opened.SetEquals(digests));
        Assert.Equal(Convert.ToHexStringLower(LeafHash.Of(entry)), record["leafHash"]!.GetValue<string>());
        Assert.Equal(json.RootElement.GetProperty("rec").GetString(), record["recordedAt"]!.GetValue<string>());
        Assert.Equal(json.RootElement.GetProperty("id").GetString(), record["reference"]!.GetValue<string>());
        // The link opens a person's data: it stands in no line of the log.
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains(link["/my-agreement/".Length..], StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Page_OfALinkThatIsNone_IsAPageThatDoesNotExist(string engine)
    {
        var server = await servers.GetAsync(engine);
        var link = await OwnLinks.ConfirmAsync(server, await FreshCustomers.AddAsync(server, "never"));
        using var browser = new Browser(server);
        var unknown = await browser.GetAsync("/nowhere");
        // The same secret under another partner; a flipped bit; shorter; not base64url.
        var token = Convert.FromBase64String(link["/my-agreement/".Length..].Replace('-', '+').Replace('_', '/'));
        var foreign = token.ToArray();
        TestServer.Partner("harbor").Id.Value.ToByteArray(bigEndian: true).CopyTo(foreign, 0);
        token[^1] ^= 1;
        string[] forged = [Encode(foreign), Encode(token), Encode(token[1..]), new('*', 64), new('A', 64), "x"];

        foreach (var wrong in forged)
        {
            var page = await browser.GetAsync("/my-agreement/" + wrong);
            var sent = await browser.PostAsync("/my-agreement/" + wrong, Confirmed);
            Assert.Equal((404, 404), (page.Status, sent.Status));
            Assert.Equal(Main(unknown), Main(page));
            Assert.Equal(404, (await browser.GetAsync($"/my-agreement/{wrong}?download=record")).Status);
        }

        static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        static string Main(Shown page) => page.Body[page.Body.IndexOf("<main", StringComparison.Ordinal)..page.Body.IndexOf("</main>", StringComparison.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Dispute_ByThePost_IsOnRecordOnceAndAlertsThePartner(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var link = await OwnLinks.ConfirmAsync(server, customer);
        using var browser = new Browser(server);
        for (var i = 0; i < 1000; i++)
        {
            await browser.SendAsync(i % 2 == 0 ? HttpMethod.Get : HttpMethod.Head, link + "?confirm=yes", null);
        }

        Assert.Equal("attested", await WordAsync(server, customer));
        Assert.Equal(422, (await browser.PostAsync(link, new Dictionary<string, string>())).Status);
        Assert.Equal(422, (await browser.PostAsync(link, new Dictionary<string, string>(Confirmed) { ["words"] = new('x', 501) })).Status);
        Assert.Equal(403, (await browser.PostAsync(link, Confirmed, ("Origin", "https://elsewhere.example"), ("Sec-Fetch-Site", "cross-site"))).Status);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.PostAsync(link, Confirmed)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal("disputed", await WordAsync(server, customer));
        var dispute = Assert.Single((await DisputesAsync(server, customer)).Json["items"]!.AsArray())!;
        Assert.Equal(("open", "I was on leave that day."), (dispute["state"]!.GetValue<string>(), dispute["words"]!.GetValue<string>()));
        // By default it is kept and flagged.
        Assert.Equal(201, (await OrderAsync(server, customer)).Status);
        var reference = dispute["id"]!.GetValue<string>();
        await Until.TrueAsync(async () => (await server.SendAsync("GET", "/sandbox/mails")).Json["mails"]!.AsArray().Any(mail =>
            mail!["to"]!.GetValue<string>() == "agreements@aozora-cloud.example" && mail["subject"]!.GetValue<string>().Contains(reference, StringComparison.Ordinal)));
        Assert.Equal(1, await AlertsAsync(server, customer));
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [InlineData("sqlite", "upheld", "none", 403)]
    [InlineData("postgres", "upheld", "none", 403)]
    [InlineData("sqlite", "rejected", "attested", 201)]
    [InlineData("postgres", "rejected", "attested", 201)]
    public async Task Resolve_ADispute_WithdrawsTheRecordOrLetsItStand(string engine, string outcome, string standing, int order)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var link = await OwnLinks.ConfirmAsync(server, customer);
        using var browser = new Browser(server);
        await browser.PostAsync(link, Confirmed);
        var id = (await DisputesAsync(server, customer)).Json["items"]![0]!["id"]!.GetValue<string>();
        var path = $"/api/customers/{customer}/disputes/{id}/resolution";
        var body = $$"""{"outcome":"{{outcome}}","reason":"Asked the person by telephone."}""";

        Assert.Equal(403, (await server.SendAsync("POST", path, body, who: "sales")).Status);
        Assert.Equal(404, (await server.SendAsync("POST", path, body, "harbor")).Status);
        Assert.Equal(404, (await DisputesAsync(server, customer, "harbor")).Status);
        Assert.Equal(400, (await server.SendAsync("POST", path, """{"outcome":"maybe","reason":"x"}""")).Status);
        Assert.Equal(400, (await server.SendAsync("POST", path, """{"outcome":"upheld","reason":" "}""")).Status);
        Assert.Equal(404, (await server.SendAsync("POST", path.Replace(id, Guid.NewGuid().ToString(), StringComparison.Ordinal), body)).Status);
        Assert.Equal("disputed", await WordAsync(server, customer));

        var first = await server.SendAsync("POST", path, body);
        var again = await server.SendAsync("POST", path, body);
        Assert.Equal((200, 200, first.Body), (first.Status, again.Status, again.Body));
        var other = body.Replace(outcome, outcome == "upheld" ? "rejected" : "upheld", StringComparison.Ordinal);
        Assert.Equal(409, (await server.SendAsync("POST", path, other)).Status);

        Assert.Equal(standing, await WordAsync(server, customer));
        Assert.Equal(order, (await OrderAsync(server, customer)).Status);
        var settled = (await DisputesAsync(server, customer)).Json["items"]![0]!;
        Assert.Equal((outcome, "Asked the person by telephone."), (settled["state"]!.GetValue<string>(), settled["reason"]!.GetValue<string>()));
        var page = await browser.GetAsync(link + "?lang=en");
        Assert.Contains(outcome == "upheld" ? "This record was withdrawn" : "let the record stand", page.Body, StringComparison.Ordinal);
        // Withdrawn there is nothing left to dispute; what stands can be disputed again.
        Assert.Equal(outcome == "upheld" ? 409 : 200, (await browser.PostAsync(link, Confirmed)).Status);
        Assert.Equal(outcome == "upheld" ? "none" : "disputed", await WordAsync(server, customer));
        await Invariants.CheckAsync(server.Parts);
    }

    [Fact]
    public async Task Dispute_WithTheSwitch_BlocksOrdersUntilItIsSettled()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        await server.SwitchAsync("aozora", "disputeBlocks", "true");
        var customer = await FreshCustomers.AddAsync(server, "never");
        var link = await OwnLinks.ConfirmAsync(server, customer);
        using var browser = new Browser(server);
        await browser.PostAsync(link, Confirmed);

        var blocked = await OrderAsync(server, customer);

        Assert.Equal((403, 900428), (blocked.Status, blocked.Code));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Entries_OfADisputeAndItsEnd_NameTheRecordAndNobody(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        using var browser = new Browser(server);
        await browser.PostAsync(await OwnLinks.ConfirmAsync(server, customer), Confirmed);
        var id = (await DisputesAsync(server, customer)).Json["items"]![0]!["id"]!.GetValue<string>();
        await server.SendAsync("POST", $"/api/customers/{customer}/disputes/{id}/resolution", """{"outcome":"upheld","reason":"Right."}""");

        var partner = TestServer.Partner("aozora").Id;
        var facts = await server.Parts.Database.ReadAsync(partner, tx => FactRows.OfAsync(tx, partner, customer));
        var entries = await server.Parts.Database.ReadSharedAsync(async tx =>
            (await LedgerRows.EntryAsync(tx, facts[1].Entry), await LedgerRows.EntryAsync(tx, facts[2].Entry)));
        Assert.Equal((FactKind.Disputed, FactKind.Withdrawn), (facts[1].Fact.Kind, facts[2].Fact.Kind));
        Assert.Equal("attestation.disputed relates:0", Summary(entries.Item1!, facts));
        Assert.Equal("attestation.revoked relates:0 relates:1", Summary(entries.Item2!, facts));
        Assert.DoesNotContain("leave", System.Text.Encoding.UTF8.GetString(entries.Item1!), StringComparison.Ordinal);
    }

    private static string Summary(byte[] entry, List<FactRow> facts)
    {
        using var json = JsonDocument.Parse(entry);
        var relations = json.RootElement.GetProperty("rel").EnumerateArray().Select(relation =>
            $"{relation.GetProperty("kind").GetString()}:{facts.FindIndex(fact => fact.Entry.ToString() == relation.GetProperty("id").GetString())}");
        return $"{json.RootElement.GetProperty("kind").GetString()} {string.Join(' ', relations)}";
    }

    private static async Task<string> WordAsync(TestServer server, CustomerId customer) =>
        (await server.SendAsync("GET", $"/api/customers/{customer}/standing")).Json["standing"]!.GetValue<string>();

    private static Task<Answer> DisputesAsync(TestServer server, CustomerId customer, string partner = "aozora") =>
        server.SendAsync("GET", $"/api/customers/{customer}/disputes", partner: partner);

    private static Task<Answer> OrderAsync(TestServer server, CustomerId customer) =>
        server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order());

    private static async Task<long> AlertsAsync(TestServer server, CustomerId customer) => (long)(await server.Parts.Database.ReadEverythingAsync(tx =>
        tx.OneAsync("SELECT COUNT(*) FROM outbox WHERE customer_id = $1 AND kind = 'alert'", row => (object)row.Long(0), customer.Value)))!;
}
