using System.Text.Json.Nodes;

namespace Concordat.Server.Tests.PartnerCenter;

public class MoveTests(Servers servers)
{
    private const string Legacy = "195416c1-3447-423a-b37b-ee59a99a19c4";
    private const string Trial = TestServer.Offer + "TRIAL";
    private const string Premium = "CFQ7TTC0LCHC:0002:CFQ7TTC0PREM";

    /// <summary>Offer of the subscription, path behind it, body, success status, member of the answer that names the result.</summary>
    public static TheoryData<string, string, string, string, int, string> Calls()
    {
        (string Offer, string Path, string Body, int Status, string Result)[] rows =
        [
            (TestServer.Offer, "subscriptions/{0}/upgrades", $$"""{"TargetOffer":{"Id":"{{Premium}}"},"UpgradeType":"UpgradeOnly","Quantity":10}""", 200, "targetSubscriptionId"),
            (TestServer.Offer, "subscriptions/{0}/transitions", $$"""{"toCatalogItemId":"{{Premium}}","quantity":4,"transitionType":"transition_only"}""", 200, "toSubscriptionId"),
            (Trial, "subscriptions/{0}/conversions", $$"""{"offerId":"{{Trial}}","targetOfferId":"{{TestServer.Offer}}","quantity":10,"billingCycle":"monthly"}""", 200, "subscriptionId"),
            (Legacy, "migrations/newcommerce", """{"currentSubscriptionId":"{0}","quantity":10,"termDuration":"P1Y","billingCycle":"Monthly"}""", 201, "newCommerceSubscriptionId"),
        ];
        var data = new TheoryData<string, string, string, string, int, string>();
        foreach (var engine in Servers.Engines)
        {
            foreach (var (offer, path, body, status, result) in rows)
            {
                data.Add(engine.Data, offer, path, body, status, result);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Move_ByStanding_IsDoneOnceOrRefused(string engine, string offer, string path, string body, int status, string result)
    {
        var server = await servers.GetAsync(engine);
        foreach (var (scenario, refusal) in Shop.Standings)
        {
            var customer = Shop.Path(scenario);
            var id = (await Shop.AddAsync(server, scenario, offer: offer, term: offer == Legacy ? null : "P1Y")).ToString();
            var before = await Shop.GetAsync(server, $"{customer}/subscriptions/{id}");
            var target = $"{customer}/{path.Replace("{0}", id, StringComparison.Ordinal)}";
            var sent = body.Replace("{0}", id, StringComparison.Ordinal);
            var key = ("MS-RequestId", Guid.NewGuid().ToString());

            var answer = await server.SendAsync("POST", target, sent, headers: key);
            var again = await server.SendAsync("POST", target, sent, headers: key);

            if (refusal != 0)
            {
                Assert.Equal((403, refusal), (answer.Status, answer.Code));
                Assert.True(JsonNode.DeepEquals(before, await Shop.GetAsync(server, $"{customer}/subscriptions/{id}")));
                continue;
            }

            Assert.Equal((status, answer.Body), (answer.Status, again.Body));
            var made = await Shop.GetAsync(server, $"{customer}/subscriptions/{answer.Json[result]}");
            Assert.NotEqual(before["offerId"]!.GetValue<string>(), made["offerId"]!.GetValue<string>());
            Assert.Equal("active", made["status"]!.GetValue<string>());
            await AssertSeatsAsync(server, customer, id, made);
        }
    }

    private static async Task AssertSeatsAsync(TestServer server, string customer, string id, JsonObject made)
    {
        var source = await Shop.GetAsync(server, $"{customer}/subscriptions/{id}");
        var left = source["id"]!.ToString() == made["id"]!.ToString() || source["status"]!.ToString() == "deleted" ? 0 : source["quantity"]!.GetValue<int>();
        Assert.Equal(10, left + made["quantity"]!.GetValue<int>());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Reads_OfMoves_AreOpenToEveryStanding(string engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var (scenario, _) in Shop.Standings)
        {
            var id = await Shop.AddAsync(server, scenario);
            var trial = await Shop.AddAsync(server, scenario, offer: Trial);
            var legacy = await Shop.AddAsync(server, scenario, offer: Legacy, term: null);
            var path = $"{Shop.Path(scenario)}/subscriptions";

            var upgrades = await Shop.GetAsync(server, $"{path}/{id}/upgrades");
            var transitions = await Shop.GetAsync(server, $"{path}/{id}/transitioneligibilities?eligibilityType=immediate");
            var conversions = await Shop.GetAsync(server, $"{path}/{trial}/conversions");
            var none = await Shop.GetAsync(server, $"{path}/{id}/conversions");
            var valid = await server.SendAsync("POST", $"{Shop.Path(scenario)}/migrations/newcommerce/validate", $$"""{"currentSubscriptionId":"{{legacy}}"}""");
            var invalid = await server.SendAsync("POST", $"{Shop.Path(scenario)}/migrations/newcommerce/validate", $$"""{"currentSubscriptionId":"{{id}}"}""");

            Assert.NotEmpty(upgrades["items"]!.AsArray());
            Assert.NotEmpty(transitions["items"]!.AsArray());
            Assert.Equal(TestServer.Offer, conversions["items"]![0]!["targetOfferId"]!.GetValue<string>());
            Assert.Empty(none["items"]!.AsArray());
            Assert.Equal((true, false), (valid.Json["isEligible"]!.GetValue<bool>(), invalid.Json["isEligible"]!.GetValue<bool>()));
        }
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Transitions_Done_AreTheSubscriptionsHistory(string engine)
    {
        var server = await servers.GetAsync(engine);
        var path = $"{Shop.Path("direct")}/subscriptions/{await Shop.AddAsync(server, "direct")}";
        var none = await Shop.GetAsync(server, $"{path}/transitions");

        var first = await server.SendAsync("POST", $"{path}/transitions", $$"""{"toCatalogItemId":"{{Premium}}","quantity":4}""");
        var second = await server.SendAsync("POST", $"{path}/transitions",
            $$"""{"ToCatalogItemId":"{{Premium}}","ToSubscriptionId":"{{first.Json["toSubscriptionId"]}}","Quantity":1,"TransitionType":"TransitionWithLicenseTransfer"}""");
        await server.SendAsync("POST", $"{path}/upgrades", $$"""{"targetOffer":{"id":"{{Premium}}"} }""");
        var all = await Shop.GetAsync(server, $"{path}/transitions");
        var one = await Shop.GetAsync(server, $"{path}/transitions?operation-id={second.Json["operationId"]}");

        Assert.Empty(none["items"]!.AsArray());
        Assert.Equal((string[])[first.Body, second.Body], all["items"]!.AsArray().Select(item => item!.ToJsonString()));
        Assert.Equal((2, 1), (all["totalCount"]!.GetValue<int>(), one["totalCount"]!.GetValue<int>()));
        Assert.Equal("transition_with_license_transfer", one["items"]![0]!["transitionType"]!.GetValue<string>());
        Assert.Equal(404, (await server.SendAsync("GET", $"{Shop.Path("direct")}/subscriptions/{Guid.NewGuid()}/transitions")).Status);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Migration_Done_CanBeRead(string engine)
    {
        var server = await servers.GetAsync(engine);
        var id = await Shop.AddAsync(server, "direct", offer: Legacy, term: null);
        var path = $"{Shop.Path("direct")}/migrations/newcommerce";

        var done = await server.SendAsync("POST", path, $$"""{"currentSubscriptionId":"{{id}}","termDuration":"P1Y","billingCycle":"annual"}""");
        var read = await server.SendAsync("GET", $"{path}/{done.Json["id"]}");
        var twice = await server.SendAsync("POST", path, $$"""{"currentSubscriptionId":"{{id}}"}""");

        Assert.Equal((201, 200, done.Body), (done.Status, read.Status, read.Body));
        Assert.Equal((400, 404), (twice.Status, (await server.SendAsync("GET", $"{path}/{Guid.NewGuid()}")).Status));
    }
}
