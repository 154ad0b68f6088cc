using System.Text.Json.Nodes;

namespace Concordat.Server.Tests.Api;

public class FlagTests(Servers servers)
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Standing_OldDateOrSimilarSignatory_IsFlaggedAndNotRefused(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var path = $"/v1/customers/{customer}/agreements";
        var now = server.Parts.Context.PolicyNow(Core.Policy.PartnerEnvironment.Production);

        var old = await server.SendAsync("POST", path, server.Confirmation("taro@customer.example", new DateTimeOffset(2015, 1, 2, 0, 0, 0, TimeSpan.Zero), first: "Taro"));
        var first = await server.SendAsync("POST", path, server.Confirmation("hanako@customer.example"));
        var typo = await server.SendAsync("POST", path, server.Confirmation("hanaka@customer.example", now));
        var facts = (await server.SendAsync("GET", $"/api/customers/{customer}/standing")).Json["facts"]!.AsArray();
        var byApp = await server.SendAsync("GET", $"/api/customers/{customer}/standing", who: "helpdesk");

        Assert.Equal((201, 201, 201), (old.Status, first.Status, typo.Status));
        Assert.Equal(["olderThanTemplate 2019-10-01T00:00:00.000Z", "olderThanCustomer"], Flags(facts[0]!).Select(Short));
        Assert.Empty(Flags(facts[1]!));
        var similar = Assert.Single(Flags(facts[2]!));
        Assert.Equal(
            ("similarSignatory", facts[1]!["recordedAt"]!.GetValue<string>(), facts[1]!["entry"]!.GetValue<Guid>()),
            (similar["kind"]!.GetValue<string>(), similar["reference"]!.GetValue<string>(), similar["entry"]!.GetValue<Guid>()));
        // Who sees no people sees the flags all the same.
        Assert.Equal(facts[2]!["flags"]!.ToJsonString(), byApp.Json["facts"]![2]!["flags"]!.ToJsonString());
        Assert.DoesNotContain("hanak", byApp.Body, StringComparison.OrdinalIgnoreCase);
        await Invariants.CheckAsync(server.Parts);
    }

    private static JsonNode[] Flags(JsonNode fact) => [.. fact["flags"]!.AsArray().Select(flag => flag!)];

    private static string Short(JsonNode flag) => flag["kind"]!.GetValue<string>() switch
    {
        "olderThanCustomer" => "olderThanCustomer",
        var kind => $"{kind} {flag["reference"]!.GetValue<string>()}",
    };
}
