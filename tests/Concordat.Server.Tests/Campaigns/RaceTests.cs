using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Operations;

namespace Concordat.Server.Tests.Campaigns;

/// <summary>What happens when the same is asked many times at once; on PostgreSQL of two nodes in turn.</summary>
public sealed class RaceTests
{
    private const int Racers = 64;

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Confirm_SameManyTimesOverHttp_OneIsRecordedAndTheOthersReplayOrAreDuplicates(string engine)
    {
        await using var first = await TestServer.StartAsync(engine);
        await using var second = engine == "postgres" ? await first.JoinAsync() : null;
        TestServer[] nodes = [first, second ?? first];
        var body = first.Confirmation();
        var races = new List<(string Shared, Task<(string Id, Answer Answer)[]> Answers)>();
        var inFlight = 0;
        foreach (var customer in await Customers.AddAsync(first.Parts, Campaign.Count(100, 1000)))
        {
            var shared = Guid.NewGuid().ToString("D");
            Task<Answer> Send(int racer, string id) =>
                nodes[racer % 2].SendAsync("POST", $"/v1/customers/{customer}/agreements", body, headers: ("MS-RequestId", id));
            // Every other racer repeats one request; the rest ask the same under ids of their own.
            var answers = await Task.WhenAll(Enumerable.Range(0, Racers).Select(async racer =>
            {
                var id = racer % 4 < 2 ? shared : Guid.NewGuid().ToString("D");
                return (Racer: racer, Id: id, Answer: await Send(racer, id));
            }));
            inFlight += answers.Count(one => Twins.IsInFlight(one.Answer));
            // Who is told to come again does so while the next race runs.
            races.Add((shared, Task.WhenAll(answers.Select(async one =>
                (one.Id, await Twins.SettleAsync(one.Answer, () => Send(one.Racer, one.Id)))))));
        }

        // Some must have met their twin, else nothing raced.
        Assert.True(inFlight > 0);
        foreach (var (shared, settled) in races)
        {
            var answers = await settled;
            var won = answers.Where(one => one.Answer.Status == 201).ToList();
            Assert.Single(won.Select(one => one.Id).Distinct());
            Assert.Single(won.Select(one => one.Answer.Body).Distinct());
            Assert.Equal(won[0].Id == shared ? Racers / 2 : 1, won.Count);
            Assert.All(answers.Except(won), one => Assert.Equal((409, 600061), (one.Answer.Status, one.Answer.Code)));
        }

        await CheckOneFactEachAsync(nodes);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Confirm_SameManyTimesThroughTheLoop_OneIsRecorded(string engine)
    {
        await using var first = await TestServer.StartAsync(engine);
        await using var second = engine == "postgres" ? await first.JoinAsync() : null;
        TestServer[] nodes = [first, second ?? first];
        var contact = new Contact("Hanako", "Sato", "hanako@customer.example", null);
        foreach (var customer in await Customers.AddAsync(first.Parts, Campaign.Count(100, 1000)))
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, Racers).Select(racer => Task.Run(() =>
            {
                var context = nodes[racer % 2].Parts.Context;
                var said = new Confirmation(
                    AgreementType.MicrosoftCustomerAgreement, contact, context.PolicyNow(PartnerEnvironment.Production), "partner-legacy", Channel.Api);
                return context.Loop.RunAsync(new ConfirmAcceptance(context, Customers.Admin(nodes[racer % 2].Parts), customer, null, said));
            })));

            Assert.Single(answers, answer => answer.Problem is null);
            Assert.Equal(Racers - 1, answers.Count(answer => answer.Problem?.Code == ProblemCode.DuplicateConfirmation));
        }

        await CheckOneFactEachAsync(nodes);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Order_RacingItsConfirmation_IsAcceptedOnlyWhenTheConfirmationCameFirst(string engine)
    {
        await using var first = await TestServer.StartAsync(engine);
        await using var second = engine == "postgres" ? await first.JoinAsync() : null;
        TestServer[] nodes = [first, second ?? first];
        var customers = await Customers.AddAsync(first.Parts, Campaign.Count(1000, 10_000));
        var random = Campaign.NewRandom();
        var heads = customers.Select(_ => random.Next(-3, 4)).ToArray();
        var accepted = new bool[customers.Length];
        await Parallel.ForAsync(0, customers.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (pair, _) =>
        {
            var path = $"/v1/customers/{customers[pair]}";
            // One of the two starts up to 3 ms ahead, so that both outcomes are met.
            var confirming = StartAsync(Math.Max(0, -heads[pair]), () => nodes[pair % 2].SendAsync("POST", $"{path}/agreements", first.Confirmation()));
            var ordering = StartAsync(Math.Max(0, heads[pair]), () => nodes[(pair + 1) % 2].SendAsync("POST", $"{path}/orders", TestServer.Order()));
            Assert.Equal(201, (await confirming).Status);
            var order = await ordering;
            accepted[pair] = order.Status == 201;
            Assert.True(accepted[pair] || (order.Status, order.Code) == (403, 13605), order.Body);
            Assert.Equal(201, (await nodes[(pair + 1) % 2].SendAsync("POST", $"{path}/orders", TestServer.Order())).Status);
        });

        var orders = await OrderEvidence.CheckAsync(first.Parts, customers);
        Assert.All(customers.Index(), customer => Assert.Equal(accepted[customer.Index] ? 2 : 1, orders[customer.Item].Count()));
        // Both outcomes must have been met, else nothing raced.
        Assert.Contains(true, accepted);
        Assert.Contains(false, accepted);
        await CheckOneFactEachAsync(nodes);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Order_SameRequestIdOnTwoNodes_IsPlacedOnce(string engine)
    {
        await using var first = await TestServer.StartAsync(engine);
        await using var second = engine == "postgres" ? await first.JoinAsync() : null;
        TestServer[] nodes = [first, second ?? first];
        var customers = await Customers.AddAsync(first.Parts, Campaign.Count(50, 500));
        var races = new List<Task<Answer[]>>();
        foreach (var customer in customers)
        {
            var path = $"/v1/customers/{customer}";
            Assert.Equal(201, (await first.SendAsync("POST", $"{path}/agreements", first.Confirmation())).Status);
            var id = Guid.NewGuid().ToString("D");
            Task<Answer> Send(int racer) =>
                nodes[racer % 2].SendAsync("POST", $"{path}/orders", TestServer.Order(), headers: ("MS-RequestId", id));
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(Send));
            races.Add(Task.WhenAll(answers.Select((answer, racer) => Twins.SettleAsync(answer, () => Send(racer)))));
        }

        foreach (var answers in await Task.WhenAll(races))
        {
            Assert.All(answers, answer => Assert.Equal(201, answer.Status));
            Assert.Single(answers.Select(answer => answer.Json["id"]!.GetValue<Guid>()).Distinct());
        }

        var orders = await OrderEvidence.CheckAsync(first.Parts, customers);
        Assert.All(customers, customer => Assert.Single(orders[customer]));
    }

    private static async Task<Answer> StartAsync(int afterMs, Func<Task<Answer>> send)
    {
        await Task.Delay(afterMs);
        return await send();
    }

    private static async Task CheckOneFactEachAsync(TestServer[] nodes)
    {
        var seeded = Server.Sandbox.SeedPlan.Customers.Select(customer => customer.Id).ToHashSet();
        var facts = await OrderEvidence.FactsAsync(nodes[0].Parts);
        Assert.All(facts.Where(row => !seeded.Contains(row.Key)), row => Assert.Equal(1, row.Value));
        foreach (var node in nodes)
        {
            // A node's memory holds what it wrote itself; the rows are what both must agree on.
            node.Parts.Context.Standings.Clear();
            await Invariants.CheckAsync(node.Parts);
        }
    }
}
