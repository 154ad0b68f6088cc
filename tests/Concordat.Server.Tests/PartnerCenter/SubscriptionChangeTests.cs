using System.Globalization;
using System.Text.Json.Nodes;

namespace Concordat.Server.Tests.PartnerCenter;

public class SubscriptionChangeTests(Servers servers)
{
    private const string Later = "commitmentEndDate+1y";

    /// <summary>Members to set, whether the gate has a say, and the answer once it has not: status and code.</summary>
    public static TheoryData<string, string, bool, int, int> Changes()
    {
        (string Change, bool Gated, int Status, int Code)[] rows =
        [
            ("{}", false, 200, 0),
            ("""{"quantity":12}""", true, 200, 0),
            ("""{"quantity":8}""", true, 200, 0),
            ("""{"termDuration":"P3Y"}""", true, 200, 0),
            ("""{"billingCycle":"Monthly"}""", true, 200, 0),
            ($$"""{"{{Later}}":""}""", true, 200, 0),
            ("""{"scheduledNextTermInstructions":{"product":{"termDuration":"P3Y"},"quantity":4} }""", true, 200, 0),
            ("""{"friendlyName":"Lobby","quantity":11}""", true, 200, 0),
            ("""{"status":"suspended","quantity":11}""", true, 200, 0),
            ("""{"status":"suspended"}""", false, 200, 0),
            ("""{"status":"Deleted"}""", false, 200, 0),
            ("""{"friendlyName":"Lobby"}""", false, 200, 0),
            ("""{"partnerId":"4200002"}""", false, 200, 0),
            ("""{"autoRenewEnabled":false}""", false, 200, 0),
            ("""{"autoRenewEnabled":null,"billingCycle":null,"quantity":null,"status":"none"}""", false, 200, 0),
            ("""{"quantity":0}""", false, 400, 800002),
            ("""{"status":"sleeping"}""", false, 400, 900126),
            ("""{"billingCycle":"fortnightly"}""", false, 400, 900126),
            ("""{"termDuration":"P1W"}""", false, 400, 900126),
            ("""{"commitmentEndDate":"tomorrow"}""", false, 400, 800002),
            ("""{"quantity":"many"}""", false, 400, 800002),
        ];
        var data = new TheoryData<string, string, bool, int, int>();
        foreach (var engine in Servers.Engines)
        {
            foreach (var (change, gated, status, code) in rows)
            {
                data.Add(engine.Data, change, gated, status, code);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Patch_Difference_IsGatedByWhatItChanges(string engine, string change, bool gated, int status, int code)
    {
        var server = await servers.GetAsync(engine);
        foreach (var (scenario, refusal) in Shop.Standings)
        {
            var path = $"{Shop.Path(scenario)}/subscriptions/{await Shop.AddAsync(server, scenario)}";
            var before = await Shop.GetAsync(server, path);

            var answer = await server.SendAsync("PATCH", path, Changed(before, change).ToJsonString());

            var expected = gated && refusal != 0 ? (403, refusal) : (status, code);
            Assert.Equal(expected, (answer.Status, answer.Status == 200 ? 0 : answer.Code));
            var after = await Shop.GetAsync(server, path);
            Assert.Equal(answer.Status != 200 || change == "{}", JsonNode.DeepEquals(before, after));
            Assert.True(answer.Status != 200 || JsonNode.DeepEquals(answer.Json, after));
        }
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Patch_FewerSeatsAfterTheWindow_GateFirstThen800090(string engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var (scenario, refusal) in Shop.Standings)
        {
            var path = $"{Shop.Path(scenario)}/subscriptions/{await Shop.AddAsync(server, scenario, daysAgo: 8)}";
            var before = await Shop.GetAsync(server, path);

            var answer = await server.SendAsync("PATCH", path, Changed(before, """{"quantity":9}""").ToJsonString());

            Assert.Equal(refusal == 0 ? (400, 800090) : (403, refusal), (answer.Status, answer.Code));
            Assert.True(JsonNode.DeepEquals(before, await Shop.GetAsync(server, path)));
        }
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Patch_Reactivation_IsNotGatedByDefault(string engine)
    {
        var server = await servers.GetAsync(engine);
        var path = $"{Shop.Path("never")}/subscriptions/{await Shop.AddAsync(server, "never", status: "suspended")}";

        var answer = await server.SendAsync("PATCH", path, Changed(await Shop.GetAsync(server, path), """{"status":"active"}""").ToJsonString());

        Assert.Equal((200, "active"), (answer.Status, answer.Json["status"]!.GetValue<string>()));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Patch_IfMatch_OnlyTheVersionThatWasRead(string engine)
    {
        var server = await servers.GetAsync(engine);
        var path = $"{Shop.Path("direct")}/subscriptions/{await Shop.AddAsync(server, "direct")}";
        var read = await server.SendAsync("GET", path);
        var body = Changed(read.Json.AsObject(), """{"quantity":12}""").ToJsonString();

        var stale = await server.SendAsync("PATCH", path, body, headers: ("If-Match", "\"77\""));
        var current = await server.SendAsync("PATCH", path, body, headers: ("If-Match", read.Headers["ETag"]));
        var again = await server.SendAsync("PATCH", path, body, headers: ("If-Match", read.Headers["ETag"]));

        Assert.Equal((412, 200, 412), (stale.Status, current.Status, again.Status));
        Assert.Equal(read.Headers["ETag"].Trim('"'), read.Json["attributes"]!["etag"]!.GetValue<string>());
        Assert.NotEqual(read.Headers["ETag"], current.Headers["ETag"]);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Patch_SameRequestIdAgain_IsDoneOnce(string engine)
    {
        var server = await servers.GetAsync(engine);
        var path = $"{Shop.Path("direct")}/subscriptions/{await Shop.AddAsync(server, "direct")}";
        var body = Changed(await Shop.GetAsync(server, path), """{"friendlyName":"Lobby"}""").ToJsonString();
        var id = ("MS-RequestId", Guid.NewGuid().ToString());

        var first = await server.SendAsync("PATCH", path, body, headers: id);
        var other = await server.SendAsync("PATCH", path, Changed(first.Json.AsObject(), """{"friendlyName":"Roof"}""").ToJsonString());
        var again = await server.SendAsync("PATCH", path, body, headers: id);

        Assert.Equal((200, first.Body), (again.Status, again.Body));
        Assert.Equal("Roof", (await Shop.GetAsync(server, path))["friendlyName"]!.GetValue<string>());
        Assert.Equal(200, other.Status);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Read_EverythingOfASubscription_IsWhatClientsCanParse(string engine)
    {
        var server = await servers.GetAsync(engine);
        var id = await Shop.AddAsync(server, "refused");
        var path = $"{Shop.Path("refused")}/subscriptions";

        var one = await Shop.GetAsync(server, $"{path}/{id}");
        var list = await Shop.GetAsync(server, path);
        var ofOrder = await Shop.GetAsync(server, $"{path}?order_id={one["orderId"]}");
        var addOns = await Shop.GetAsync(server, $"{path}/{id}/addons");
        var provisioning = await Shop.GetAsync(server, $"{path}/{id}/provisioningstatus");

        Assert.All(["creationDate", "effectiveStartDate", "commitmentEndDate"], name =>
            Assert.Equal(DateTimeKind.Utc, DateTime.Parse(one[name]!.GetValue<string>(), null, DateTimeStyles.RoundtripKind).Kind));
        Assert.Contains(one["status"]!.GetValue<string>(), (string[])["none", "active", "suspended", "deleted"]);
        Assert.Equal($"/customers/{TestServer.Customer("refused")}/subscriptions/{id}", one["links"]!["self"]!["uri"]!.GetValue<string>());
        Assert.Equal(list["totalCount"]!.GetValue<int>(), list["items"]!.AsArray().Count);
        Assert.Equal([id.ToString()], ofOrder["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()));
        Assert.Equal("""[]""", addOns["items"]!.ToJsonString());
        Assert.Equal(("0001", "success"), (provisioning["skuId"]!.GetValue<string>(), provisioning["status"]!.GetValue<string>()));
        Assert.Equal(404, (await server.SendAsync("GET", $"{path}/{Guid.NewGuid()}")).Status);
        Assert.Equal(404, (await server.SendAsync("GET", $"{path}/{id}", partner: "harbor")).Status);
    }

    private static JsonObject Changed(JsonObject stored, string change)
    {
        var sent = stored.DeepClone().AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            if (name == Later)
            {
                sent["commitmentEndDate"] = stored["commitmentEndDate"]!.GetValue<DateTimeOffset>().AddYears(1).ToString("O", CultureInfo.InvariantCulture);
            }
            else
            {
                sent[name] = value?.DeepClone();
            }
        }

        return sent;
    }
}
