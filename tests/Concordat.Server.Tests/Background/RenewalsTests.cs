using System.Text.Json.Nodes;
using Concordat.Core.Policy;
using Concordat.Server.Background;
using Concordat.Server.Operations;
using Concordat.Server.Storage;
using Concordat.Server.Tests.PartnerCenter;
using Microsoft.Extensions.Logging.Abstractions;

namespace Concordat.Server.Tests.Background;

public class RenewalsTests
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Clock_MovedByYears_RenewsEveryStandingUntilTheEndLiesAhead(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        foreach (var (scenario, _) in Shop.Standings)
        {
            var path = $"{Shop.Path(scenario)}/subscriptions/{await Shop.AddAsync(server, scenario)}";
            var ending = $"{Shop.Path(scenario)}/subscriptions/{await Shop.AddAsync(server, scenario)}";
            await SetAsync(server, ending, "autoRenewEnabled", false);
            var before = await Shop.GetAsync(server, path);

            await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromDays((365 * 5) + 3));

            var after = await Shop.GetAsync(server, path);
            Assert.Equal(End(before).AddYears(5), End(after));
            Assert.Equal("active", after["status"]!.GetValue<string>());
            Assert.Equal("deleted", (await Shop.GetAsync(server, ending))["status"]!.GetValue<string>());
            Assert.Equal(200, (await server.SendAsync("PATCH", ending, (await Shop.GetAsync(server, ending)).ToJsonString())).Status);
        }

        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Clock_OfTheOtherEnvironment_RenewsNothing(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var path = $"{Shop.Path("direct")}/subscriptions/{await Shop.AddAsync(server, "direct")}";
        var before = await Shop.GetAsync(server, path);

        await server.Clock.AdvanceAsync(PartnerEnvironment.Sandbox, TimeSpan.FromDays(800));

        Assert.True(JsonNode.DeepEquals(before, await Shop.GetAsync(server, path)));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Clock_PastTermEnd_AppliesWhatWasScheduled(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var path = $"{Shop.Path("direct")}/subscriptions/{await Shop.AddAsync(server, "direct")}";
        await SetAsync(server, path, "scheduledNextTermInstructions", JsonNode.Parse(
            """{"product":{"productId":"CFQ7TTC0LCHC","skuId":"0002","availabilityId":"CFQ7TTC0PREM","billingCycle":"Monthly","termDuration":"P3Y"},"quantity":3}"""));

        await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromDays(367));

        var after = await Shop.GetAsync(server, path);
        Assert.Equal("CFQ7TTC0LCHC:0002:CFQ7TTC0PREM", after["offerId"]!.GetValue<string>());
        Assert.Equal((3, "P3Y", "monthly"), (after["quantity"]!.GetValue<int>(), after["termDuration"]!.GetValue<string>(), after["billingCycle"]!.GetValue<string>()));
        Assert.Null(after["scheduledNextTermInstructions"]);
        var audit = await server.Parts.Database.ReadEverythingAsync(tx => AuditRows.OfRequestAsync(tx, TestServer.Partner("aozora").Id, "system"));
        Assert.Contains(audit, row => row.Operation == "renew_subscription" && row.Resource == after["id"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Requests_AfterThirtyDays_AreForgotten(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var key = RequestKey.Of(TestServer.Partner("aozora").Id, "POST", "/x", "1", [])!;
        var now = server.Parts.Context.Clocks.Wall.GetUtcNow();

        var forgotten = await RetainAsync(server, key, now.AddDays(-31));
        var kept = await RetainAsync(server, key, now.AddDays(-29));

        Assert.Equal((0, 1), (forgotten, kept));
    }

    [Fact]
    public async Task Recurring_FailingPass_IsTriedAgainAndStops()
    {
        var passes = 0;
        var thrice = new TaskCompletionSource();
        await using (new Recurring("test", TimeSpan.FromMilliseconds(1), Pass, TimeProvider.System, NullLogger.Instance))
        {
            await thrice.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }

        var stopped = passes;
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal(stopped, passes);

        Task Pass()
        {
            if (++passes == 3)
            {
                thrice.SetResult();
            }

            throw new InvalidOperationException("This pass fails.");
        }
    }

    private static async Task<int> RetainAsync(TestServer server, RequestKey key, DateTimeOffset at)
    {
        var context = server.Parts.Context;
        _ = (await context.Loop.RunAsync(new Remember(key, at))).Value;
        await new Retention(context).RunAsync();
        var read = IdempotencyRows.PlanFind(key.Partner, key.KeyHash);
        await context.Database.ReadEverythingAsync(async tx =>
        {
            await tx.PrefetchAsync([read]);
            return true;
        });
        return read.Rows.Count;
    }

    private static async Task SetAsync(TestServer server, string path, string member, JsonNode? value)
    {
        var sent = await Shop.GetAsync(server, path);
        sent[member] = value;
        Assert.Equal(200, (await server.SendAsync("PATCH", path, sent.ToJsonString())).Status);
    }

    private static DateTimeOffset End(JsonObject subscription) => subscription["commitmentEndDate"]!.GetValue<DateTimeOffset>();

    private sealed class Remember(RequestKey key, DateTimeOffset at) : Operation<bool>
    {
        public override IReadOnlyList<long> Keys { get; } = [key.LockKey];

        public override PartnerScope Scope => PartnerScope.Everything;

        protected override async ValueTask<Core.Outcome<bool>> DecideAsync(Tx tx)
        {
            await IdempotencyRows.AddAsync(tx, key.Partner, key.KeyHash, key.BodyHash, "", at);
            return true;
        }
    }
}
