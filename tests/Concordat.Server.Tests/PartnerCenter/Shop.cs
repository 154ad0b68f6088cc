using System.Text.Json.Nodes;
using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.PartnerCenter;

/// <summary>What tests of transactions need: subscriptions of customers that could not buy one now, and short requests.</summary>
internal static class Shop
{
    /// <summary>Customers of the first partner by standing, and the code that the gate refuses them with; 0 for none.</summary>
    public static readonly (string Scenario, int Code)[] Standings =
    [
        ("never", 13605), ("cloud-agreement-only", 13605), ("attested-stale", 900428), ("refused", 900428),
        ("attested-current", 0), ("direct", 0), ("direct-and-attested", 0), ("national-cloud", 0),
    ];

    public static string Path(string scenario) => $"/v1/customers/{TestServer.Customer(scenario)}";

    /// <summary>Adds a subscription of ten seats past the gate, as if it had been bought <paramref name="daysAgo"/>.</summary>
    public static async Task<Guid> AddAsync(
        TestServer server, string scenario, int daysAgo = 0, string offer = TestServer.Offer, string? term = "P1Y", string status = "active")
    {
        var context = server.Parts.Context;
        var now = context.PolicyNow(PartnerEnvironment.Production).AddDays(-daysAgo);
        var line = new OrderedLine(0, offer, 10, "Front desk", term, null);
        var made = Provisioning.Provision(context.Ids, TestServer.Customer(scenario), [line], "annual", "USD", now);
        var subscription = made.Subscriptions[0] with { Status = status };
        _ = (await context.Loop.RunAsync(new Add(new Provisioned(made.Order, [subscription])))).Value;
        return subscription.Id;
    }

    public static async Task<JsonObject> GetAsync(TestServer server, string path)
    {
        var answer = await server.SendAsync("GET", path);
        Assert.Equal(200, answer.Status);
        return answer.Json.AsObject();
    }

    private sealed class Add(Provisioned provisioned) : Operation<bool>
    {
        public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of(TestServer.Partner("aozora").Id, provisioned.Order.Customer)];

        public override PartnerScope Scope => PartnerScope.Everything;

        protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx)
        {
            await provisioned.AddAsync(tx, TestServer.Partner("aozora").Id, null);
            return true;
        }
    }
}
