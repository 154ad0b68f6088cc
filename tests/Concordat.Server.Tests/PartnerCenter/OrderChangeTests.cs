using System.Text.Json.Nodes;

namespace Concordat.Server.Tests.PartnerCenter;

public class OrderChangeTests(Servers servers)
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Patch_AddOnAndBillingCycle_AreGatedAnEchoIsNot(string engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var (scenario, refusal) in Shop.Standings)
        {
            var customer = Shop.Path(scenario);
            var id = await Shop.AddAsync(server, scenario);
            var path = $"{customer}/orders/{(await Shop.GetAsync(server, $"{customer}/subscriptions/{id}"))["orderId"]}";
            var order = await Shop.GetAsync(server, path);

            var echo = await server.SendAsync("PATCH", path, order.ToJsonString());
            var addOn = await server.SendAsync("PATCH", path, WithAddOn(order, id).ToJsonString());
            order["billingCycle"] = "Monthly";
            var cycle = await server.SendAsync("PATCH", path, order.ToJsonString());

            Assert.Equal(200, echo.Status);
            Assert.Equal((refusal == 0 ? 200 : 403, refusal == 0 ? 200 : 403), (addOn.Status, cycle.Status));
            var addOns = (await Shop.GetAsync(server, $"{customer}/subscriptions/{id}/addons"))["items"]!.AsArray();
            var subscription = await Shop.GetAsync(server, $"{customer}/subscriptions/{id}");
            Assert.Equal(refusal == 0 ? (1, "monthly") : (0, "annual"), (addOns.Count, subscription["billingCycle"]!.GetValue<string>()));
        }
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Create_SeveralLines_MakesSubscriptionsAndIsProvisionedAtOnce(string engine)
    {
        var server = await servers.GetAsync(engine);
        const string Body = """
            {"BillingCycle":"OneTime","CurrencyCode":"jpy","CreationDate":null,"TotalPrice":0.0,"Attributes":{"ObjectType":"Order"},"LineItems":[
             {"LineItemNumber":0,"OfferId":"CFQ7TTC0LH18:0001:CFQ7TTC0K971","Quantity":5,"TermDuration":"p1y","PartnerIdOnRecord":null},
             {"LineItemNumber":1,"OfferId":"ANYTHING:0009:GOES","Quantity":1,"FriendlyName":"Roof"}]}
            """;

        var placed = await server.SendAsync("POST", $"{Shop.Path("direct")}/orders", Body, headers: ("x-ms-customeruser-upn", "someone@customer.example"));
        var provisioning = await Shop.GetAsync(server, $"{Shop.Path("direct")}/orders/{placed.Json["id"]}/provisioningstatus");

        Assert.Equal((201, "one_time", "JPY"), (placed.Status, placed.Json["billingCycle"]!.GetValue<string>(), placed.Json["currencyCode"]!.GetValue<string>()));
        Assert.Equal(2, placed.Json["lineItems"]!.AsArray().Select(line => line!["subscriptionId"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(2, provisioning["totalCount"]!.GetValue<int>());
    }

    [Fact]
    public async Task Patch_UnknownParentOrOrder_IsRefused()
    {
        var server = await servers.GetAsync("sqlite");
        var customer = Shop.Path("direct");
        var id = await Shop.AddAsync(server, "direct");
        var path = $"{customer}/orders/{(await Shop.GetAsync(server, $"{customer}/subscriptions/{id}"))["orderId"]}";
        var order = await Shop.GetAsync(server, path);

        var parent = await server.SendAsync("PATCH", path, WithAddOn(order, Guid.NewGuid()).ToJsonString());
        var unknown = await server.SendAsync("PATCH", $"{customer}/orders/{Guid.NewGuid()}", order.ToJsonString());

        Assert.Equal((400, 404), (parent.Status, unknown.Status));
    }

    private static JsonObject WithAddOn(JsonObject order, Guid parent)
    {
        var changed = order.DeepClone().AsObject();
        changed["lineItems"]!.AsArray().Add(JsonNode.Parse(
            $$"""{"lineItemNumber":1,"offerId":"CFQ7TTC0LFLX:0001:CFQ7TTC0ADD1","quantity":2,"parentSubscriptionId":"{{parent}}"}"""));
        return changed;
    }
}
