using Concordat.Core.Policy;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.PartnerCenter;

public class CartTests(Servers servers)
{
    /// <summary>As the .NET SDK sends one: PascalCase, nulls, dates of the year 1; two cycles, an add-on.</summary>
    private const string Body = """
        {"Id":null,"CreationTimestamp":"0001-01-01T00:00:00","ExpirationTimestamp":"0001-01-01T00:00:00","LastModifiedUser":null,"Links":null,
         "LineItems":[
          {"Id":0,"CatalogItemId":"cfq7ttc0lh18:0001:cfq7ttc0k971","FriendlyName":null,"Quantity":3,"CurrencyCode":null,"BillingCycle":"Monthly",
           "TermDuration":"P1M","Participants":[{"Key":"transaction_reseller","Value":"4200001"}],"ProvisioningContext":{},"Error":null,
           "AddonItems":[{"CatalogItemId":"CFQ7TTC0LFLX:0001:CFQ7TTC0ADD1","Quantity":2}]},
          {"Id":0,"CatalogId":"DZH318Z0BPS6:0001:CFQ7TTC0PLAN","Quantity":1,"BillingCycle":"one_time","TermDuration":null}],
         "Attributes":{"ObjectType":"Cart"} }
        """;

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Cart_CreatedReadChanged_AsksNoPermission(string engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var (scenario, _) in Shop.Standings)
        {
            var created = await server.SendAsync("POST", $"{Shop.Path(scenario)}/carts", Body);
            var path = $"{Shop.Path(scenario)}/carts/{created.Json["id"]}";
            var read = await server.SendAsync("GET", path);
            var changed = await server.SendAsync("PUT", path, read.Body.Replace("\"quantity\":3", "\"quantity\":7", StringComparison.Ordinal));

            Assert.Equal((201, 200, 200), (created.Status, read.Status, changed.Status));
            Assert.Equal(created.Body, read.Body);
            Assert.Equal(("active", "0", "1"), (Text(read, "status"), Line(read, 0, "orderGroup"), Line(read, 1, "orderGroup")));
            Assert.Equal(("monthly", "one_time"), (Line(read, 0, "billingCycle"), Line(read, 1, "billingCycle")));
            Assert.Equal("7", Line(await server.SendAsync("GET", path), 0, "quantity"));
        }
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task CheckOut_ByStanding_OrdersOrRefusesTheWhole(string engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var (scenario, refusal) in Shop.Standings)
        {
            var path = await CreateAsync(server, scenario);
            var before = await CountAsync(server, scenario);

            var answer = await server.SendAsync("POST", $"{path}/checkout", "\"success\"");

            Assert.Equal(refusal == 0 ? (201, 0) : (403, refusal), (answer.Status, answer.Status == 201 ? 0 : answer.Code));
            Assert.Equal(refusal == 0 ? before + 3 : before, await CountAsync(server, scenario));
            Assert.Equal(refusal == 0 ? "ordered" : "active", Text(await server.SendAsync("GET", path), "status"));
        }
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task CheckOut_Again_RepeatsTheFirstAnswerEvenWhenTheGateHasClosed(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.Clock.SetAsync(PartnerEnvironment.Production, new DateTimeOffset(2025, 10, 6, 23, 0, 0, TimeSpan.Zero));
        var path = await CreateAsync(server, "attested-stale");
        var first = await server.SendAsync("POST", $"{path}/checkout", "\"success\"", headers: ("MS-RequestId", Guid.NewGuid().ToString()));
        var subscriptions = await CountAsync(server, "attested-stale");
        await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromHours(2));

        var fresh = await server.SendAsync("POST", $"{await CreateAsync(server, "attested-stale")}/checkout");
        var again = await server.SendAsync("POST", $"{path}/checkout");
        var change = await server.SendAsync("PUT", path, Body);

        Assert.Equal((201, 403, 201), (first.Status, fresh.Status, again.Status));
        Assert.Equal(first.Body, again.Body);
        Assert.Equal((400, 800065), (change.Status, change.Code));
        Assert.Equal(subscriptions, await CountAsync(server, "attested-stale"));
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task CheckOut_ManyAtOnce_OrdersOnce(string engine)
    {
        var server = await servers.GetAsync(engine);
        var path = await CreateAsync(server, "direct");

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => server.SendAsync("POST", $"{path}/checkout", i % 2 == 0 ? "\"success\"" : null)));

        Assert.All(answers, answer => Assert.Equal((201, answers[0].Body), (answer.Status, answer.Body)));
        var orders = await Shop.GetAsync(server, $"{Shop.Path("direct")}/orders");
        var mine = answers[0].Json["orders"]!.AsArray().Select(order => order!["id"]!.GetValue<string>()).ToArray();
        Assert.Equal(2, orders["items"]!.AsArray().Count(order => mine.Contains(order!["id"]!.GetValue<string>())));
        Assert.Equal(mine.Length, mine.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task CheckOut_SevenDaysLater_IsRefused(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var path = await CreateAsync(server, "direct");
        await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromDays(7));

        var answer = await server.SendAsync("POST", $"{path}/checkout");

        Assert.Equal((400, 800002), (answer.Status, answer.Code));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task CheckOut_SwitchOrderErrors_Answers201WithErrorsAndOrdersNothing(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var row = (await server.Parts.Database.ReadEverythingAsync(PartnerRows.AllAsync)).Single(partner => partner.Id == TestServer.Partner("aozora").Id);
        _ = (await server.Parts.Context.Loop.RunAsync(
            new SaveDirectory([row with { Switches = """{"checkoutRefusal":"orderErrors"}""" }], [], []))).Value;
        await server.Parts.Directory.RefreshAsync();
        var path = await CreateAsync(server, "never");

        var answer = await server.SendAsync("POST", $"{path}/checkout", "\"success\"");

        Assert.Equal(201, answer.Status);
        Assert.Empty(answer.Json["orders"]!.AsArray());
        Assert.Equal(["0:13605", "1:13605"], answer.Json["orderErrors"]!.AsArray().Select(error => $"{error!["orderGroupId"]}:{error["code"]}"));
        Assert.Equal("active", Text(await server.SendAsync("GET", path), "status"));
    }

    [Theory]
    [InlineData("""{"lineItems":[]}""", 800002)]
    [InlineData("""{"lineItems":null}""", 800002)]
    [InlineData("""{"lineItems":[null]}""", 800002)]
    [InlineData("""{"lineItems":[{"catalogItemId":"A:B:C"}]}""", 800002)]
    [InlineData("""{"lineItems":[{"catalogItemId":"A:B:C","quantity":0}]}""", 800002)]
    [InlineData("""{"lineItems":[{"catalogItemId":"A:B:C","quantity":1.5}]}""", 800002)]
    [InlineData("""{"lineItems":[{"quantity":1}]}""", 800002)]
    [InlineData("""{"lineItems":[{"catalogItemId":"A:B:C","quantity":1,"billingCycle":"hourly"}]}""", 900126)]
    [InlineData("""{"lineItems":[{"catalogItemId":"A:B:C","quantity":1,"termDuration":"P9Y"}]}""", 900126)]
    [InlineData("[]", 800002)]
    [InlineData("\"success\"", 800002)]
    public async Task Create_Malformed_IsRefused(string body, int code)
    {
        var server = await servers.GetAsync("sqlite");

        var answer = await server.SendAsync("POST", $"{Shop.Path("direct")}/carts", body);

        Assert.Equal((400, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Create_UnknownItem_MarksTheLineAndIsNotOrdered()
    {
        var server = await servers.GetAsync("sqlite");

        var created = await server.SendAsync("POST", $"{Shop.Path("direct")}/carts", """{"lineItems":[{"catalogItemId":"no item","quantity":1}]}""");
        var answer = await server.SendAsync("POST", $"{Shop.Path("direct")}/carts/{created.Json["id"]}/checkout");

        Assert.Equal(201, created.Status);
        Assert.Equal("catalog_item_id_is_not_valid", created.Json["lineItems"]![0]!["error"]!["errorCode"]!.GetValue<string>());
        Assert.Equal(400, answer.Status);
    }

    private static async Task<string> CreateAsync(TestServer server, string scenario) =>
        $"{Shop.Path(scenario)}/carts/{(await server.SendAsync("POST", $"{Shop.Path(scenario)}/carts", Body)).Json["id"]}";

    private static async Task<int> CountAsync(TestServer server, string scenario) =>
        (await server.Parts.Database.ReadEverythingAsync(tx => SubscriptionRows.OfCustomerAsync(tx, TestServer.Partner("aozora").Id, TestServer.Customer(scenario)))).Count;

    private static string Text(Answer answer, string name) => answer.Json[name]!.ToString();

    private static string Line(Answer answer, int index, string name) => answer.Json["lineItems"]![index]![name]!.ToString();
}
