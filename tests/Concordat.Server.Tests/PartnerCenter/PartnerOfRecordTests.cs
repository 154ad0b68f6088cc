using System.Text.Json.Nodes;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.PartnerCenter;

public class PartnerOfRecordTests
{
    // Of the seed: a reseller of the provider, and a direct-bill partner.
    private const string Own = "4200002";
    private const string Direct = "4100001";
    private const string Strange = "9999999";

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task PartnerIdOnRecord_OfAProvidersSale_MustBeAResellerOfItsOwn(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = $"/v1/customers/{await FreshCustomers.AddAsync(server, "direct", "kaede")}";
        var order = await server.SendAsync("POST", $"{customer}/orders", Order(Own), "kaede");
        var subscription = $"{customer}/subscriptions/{order.Json["lineItems"]![0]!["subscriptionId"]}";
        Func<string, Task<Answer>>[] ways =
        [
            id => server.SendAsync("POST", $"{customer}/orders", Order(id), "kaede"),
            id => server.SendAsync("POST", $"{customer}/carts", Cart(id), "kaede"),
            id => server.SendAsync("PATCH", $"{customer}/orders/{order.Json["id"]}", Order(id, number: 7), "kaede"),
            id => PatchAsync(server, subscription, id),
        ];
        await AssertAsync(ways, (Own, 0), (Strange, 0), (Direct, 400800016));
        await server.SwitchAsync("kaede", "partnerOfRecord", "all");
        await AssertAsync(ways, (Own, 0), (Strange, 404800015), (Direct, 400800016));
        await server.SwitchAsync("kaede", "partnerOfRecord", "unchecked");
        await AssertAsync(ways, (Own, 0), (Strange, 0), (Direct, 0));
        await server.SwitchAsync("kaede", "partnerOfRecord", "all");
        Assert.Equal(200, (await PatchAsync(server, subscription, Direct)).Status);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task PartnerIdOnRecord_AnotherProvidersReseller_IsRefused(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = $"/v1/customers/{await FreshCustomers.AddAsync(server, "direct", "kaede")}";
        var rows = await server.Parts.Database.ReadEverythingAsync(PartnerRows.AllAsync);
        var reseller = rows.Single(row => row.Id == TestServer.Partner("finch").Id) with { Provider = TestServer.Partner("harbor").Id };
        Assert.True((await server.Parts.Context.Loop.RunAsync(new SaveDirectory([reseller], [], []))).Value);
        await server.Parts.Directory.RefreshAsync();

        var refused = await server.SendAsync("POST", $"{customer}/orders", Order(Own), "kaede");

        Assert.Equal((404, 2072), (refused.Status, refused.Code));
        Assert.Equal("lineItems[0].partnerIdOnRecord", refused.Json["data"]![0]!.GetValue<string>());
    }

    private static async Task AssertAsync(Func<string, Task<Answer>>[] ways, params (string Id, int Expected)[] cases)
    {
        foreach (var (id, expected) in cases)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var answer = await ways[way](id);
                Assert.True(expected == 0 ? answer.Status < 300 : (answer.Status * 1_000_000) + answer.Code == expected,
                    $"{id} by way {way}: {answer.Status} {answer.Body}");
            }
        }
    }

    private static async Task<Answer> PatchAsync(TestServer server, string path, string reseller)
    {
        var body = (await server.SendAsync("GET", path, partner: "kaede")).Json.AsObject();
        body["partnerId"] = reseller;
        return await server.SendAsync("PATCH", path, body.ToJsonString(), "kaede");
    }

    private static string Order(string reseller, int number = 0)
    {
        var order = JsonNode.Parse(TestServer.Order())!;
        order["lineItems"]![0]!["partnerIdOnRecord"] = reseller;
        order["lineItems"]![0]!["lineItemNumber"] = number;
        return order.ToJsonString();
    }

    private static string Cart(string reseller) => $$"""
        {"lineItems":[{"id":0,"catalogItemId":"{{TestServer.Offer}}","quantity":5,"billingCycle":"annual","termDuration":"P1Y",
         "participants":[{"key":"transaction_reseller","value":"{{reseller}}"}]}]}
        """;
}
