using System.Globalization;
using System.Text.Json.Nodes;
using Concordat.Core.Policy;

namespace Concordat.Server.Tests.PartnerCenter;

public class MigrationScheduleTests
{
    private const string Legacy = "195416c1-3447-423a-b37b-ee59a99a19c4";

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Schedule_ItsDayComes_IsCarriedOutThen(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await Shop.AddAsync(server, "direct", offer: Legacy, term: null);
        var path = $"{Shop.Path("direct")}/migrations/newcommerce";

        var made = await server.SendAsync("POST", $"{path}/schedules", OnDay(server, id, 10, ""","quantity":4,"billingCycle":"Monthly" """));
        var schedule = $"{path}/schedules/{made.Json["id"]}";
        await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromDays(9));
        var before = await Shop.GetAsync(server, schedule);
        await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromDays(2));
        var after = await Shop.GetAsync(server, schedule);

        Assert.Equal((201, "Created", "Created"), (made.Status, made.Json["status"]!.GetValue<string>(), before["status"]!.GetValue<string>()));
        Assert.Equal("Completed", after["status"]!.GetValue<string>());
        var migration = await Shop.GetAsync(server, $"{path}/{after["newCommerceMigrationId"]}");
        Assert.Equal((id.ToString(), 4), (migration["currentSubscriptionId"]!.GetValue<string>(), migration["quantity"]!.GetValue<int>()));
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Schedule_OnRenewal_MigratesInsteadOfRenewing(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await Shop.AddAsync(server, "direct", offer: Legacy, term: "P1M");
        var endless = await Shop.AddAsync(server, "direct", offer: Legacy, term: null);
        var path = $"{Shop.Path("direct")}/migrations/newcommerce/schedules";

        var made = await server.SendAsync("POST", path, $$"""{"currentSubscriptionId":"{{id}}","migrateOnRenewal":true}""");
        var withoutTerm = await server.SendAsync("POST", path, $$"""{"currentSubscriptionId":"{{endless}}","migrateOnRenewal":true}""");
        await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromDays(32));

        Assert.Equal((201, 400), (made.Status, withoutTerm.Status));
        Assert.Equal("Completed", (await Shop.GetAsync(server, $"{path}/{made.Json["id"]}"))["status"]!.GetValue<string>());
        Assert.Equal("deleted", (await Shop.GetAsync(server, $"{Shop.Path("direct")}/subscriptions/{id}"))["status"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Schedule_WithoutAnAgreement_IsRefusedNowOrOnItsDay(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await Shop.AddAsync(server, "never", offer: Legacy, term: null);
        var path = $"{Shop.Path("never")}/migrations/newcommerce/schedules";

        var refused = await server.SendAsync("POST", path, OnDay(server, id, 10));
        await server.SwitchAsync("aozora", "gateScheduledChange", "false");
        var made = await server.SendAsync("POST", path, OnDay(server, id, 10));
        await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromDays(11));
        var failed = await Shop.GetAsync(server, $"{path}/{made.Json["id"]}");

        Assert.Equal((403, 13605, 201), (refused.Status, refused.Code, made.Status));
        Assert.Equal(("Failed", 13605), (failed["status"]!.GetValue<string>(), failed["errorCode"]!.GetValue<int>()));
        Assert.NotEmpty(failed["errorDescription"]!.GetValue<string>());
        Assert.Equal("active", (await Shop.GetAsync(server, $"{Shop.Path("never")}/subscriptions/{id}"))["status"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Schedule_ChangedAndCancelled_IsNotCarriedOut(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var id = await Shop.AddAsync(server, "direct", offer: Legacy, term: null);
        var path = $"{Shop.Path("direct")}/migrations/newcommerce/schedules";
        var one = $"{path}/{(await server.SendAsync("POST", path, OnDay(server, id, 10))).Json["id"]}";
        var key = ("MS-RequestId", Guid.NewGuid().ToString());

        var twice = await server.SendAsync("POST", path, OnDay(server, id, 12));
        var changed = await server.SendAsync("PUT", one, OnDay(server, id, 20, ""","quantity":3"""));
        var another = await server.SendAsync("PUT", one, OnDay(server, Guid.NewGuid(), 20));
        var past = await server.SendAsync("PUT", one, OnDay(server, id, -1));
        var both = await server.SendAsync("PUT", one, OnDay(server, id, 20, ""","migrateOnRenewal":true"""));
        var cancelled = await server.SendAsync("POST", $"{one}/cancel", headers: key);
        var replayed = await server.SendAsync("POST", $"{one}/cancel", headers: key);
        var again = await server.SendAsync("POST", $"{one}/cancel");
        var late = await server.SendAsync("PUT", one, OnDay(server, id, 20));
        await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromDays(30));

        Assert.Equal((409, 200, 3), (twice.Status, changed.Status, changed.Json["quantity"]!.GetValue<int>()));
        Assert.All((Answer[])[another, past, both, again, late], answer => Assert.Equal((400, 800002), (answer.Status, answer.Code)));
        Assert.Equal((200, "Cancelled"), (cancelled.Status, cancelled.Json["status"]!.GetValue<string>()));
        Assert.Equal(cancelled.Body, replayed.Body);
        Assert.Equal("active", (await Shop.GetAsync(server, $"{Shop.Path("direct")}/subscriptions/{id}"))["status"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Lists_OfSchedulesAndMigrations_ArePagesOfThePartnersOwn(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = TestServer.Customer("direct");
        var path = $"{Shop.Path("direct")}/migrations/newcommerce";
        for (var i = 0; i < 3; i++)
        {
            var waits = await Shop.AddAsync(server, "direct", offer: Legacy, term: null);
            var goes = await Shop.AddAsync(server, "direct", offer: Legacy, term: null);
            Assert.Equal(201, (await server.SendAsync("POST", $"{path}/schedules", OnDay(server, waits, 10, ""","externalReferenceId":"b1" """))).Status);
            Assert.Equal(201, (await server.SendAsync("POST", path, $$"""{"currentSubscriptionId":"{{goes}}","externalReferenceId":"b1"}""")).Status);
        }

        foreach (var list in (string[])["/v1/migrations/newcommerce/schedules", "/v1/migrations/newcommerce"])
        {
            var all = await server.SendAsync("GET", $"{list}?CustomerTenantId={customer}");
            var first = await server.SendAsync("GET", $"{list}?externalReferenceId=b1&pageSize=2");
            var token = ("MS-ContinuationToken", first.Headers["MS-ContinuationToken"]);
            var rest = await server.SendAsync("GET", $"{list}?externalReferenceId=b1&pageSize=2", headers: token);
            var one = await server.SendAsync("GET", $"{list}?currentSubscriptionId={all.Json[1]!["currentSubscriptionId"]}");
            var others = await server.SendAsync("GET", $"{list}?customerTenantId={customer}", partner: "harbor");

            Assert.Equal((3, 2, 1), (all.Json.AsArray().Count, first.Json.AsArray().Count, rest.Json.AsArray().Count));
            Assert.Equal(all.Json.AsArray().Select(Id), first.Json.AsArray().Concat(rest.Json.AsArray()).Select(Id));
            Assert.DoesNotContain("MS-ContinuationToken", rest.Headers.Keys);
            Assert.Equal(Id(all.Json[1]), Id(Assert.Single(one.Json.AsArray())));
            Assert.Empty(others.Json.AsArray());
            foreach (var faulty in (string[])["", "?pageSize=2", "?externalReferenceId=b1&pageSize=0", "?externalReferenceId=b1&pageSize=301", "?currentSubscriptionId=x"])
            {
                var answer = await server.SendAsync("GET", list + faulty);
                Assert.Equal((400, 2000), (answer.Status, answer.Code));
            }

            Assert.Equal(400, (await server.SendAsync("GET", $"{list}?externalReferenceId=b1", partner: "harbor", headers: token)).Status);
        }
    }

    private static string Id(JsonNode? item) => item!["id"]!.GetValue<string>();

    private static string OnDay(TestServer server, Guid subscription, int days, string more = "") => string.Create(CultureInfo.InvariantCulture, $$"""
        {"currentSubscriptionId":"{{subscription}}","targetDate":"{{server.Parts.Context.PolicyNow(PartnerEnvironment.Production).AddDays(days):yyyy-MM-ddTHH:mm:ssZ}}"{{more}} }
        """);
}
