using Concordat.Server.Operations;
using Concordat.Server.Storage;
using Concordat.Server.Tests.Operations;

namespace Concordat.Server.Tests.PartnerCenter;

public class IdempotencyTests
{
    private static readonly (string, string) Id = ("MS-RequestId", "2b0f3c1e-7a55-4b6e-9c1d-0f2e3d4c5b6a");

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Post_SameIdForAnotherCustomerPartnerOrPath_IsARequestOfItsOwn(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (mine, other) = (await FreshCustomers.AddAsync(server, "direct"), await FreshCustomers.AddAsync(server, "direct"));
        var theirs = await FreshCustomers.AddAsync(server, "direct", "harbor");
        var body = server.Confirmation("idempotent@customer.example");

        Answer[] answers =
        [
            await server.SendAsync("POST", $"/v1/customers/{mine}/agreements", body, headers: Id),
            await server.SendAsync("POST", $"/v1/customers/{other}/agreements", body, headers: Id),
            await server.SendAsync("POST", $"/v1/customers/{theirs}/agreements", body, "harbor", headers: Id),
            await server.SendAsync("POST", $"/v1/customers/{mine}/orders", TestServer.Order(), headers: Id),
        ];

        Assert.All(answers, answer => Assert.Equal(201, answer.Status));
        Assert.Equal(1, await FactsAsync(server, mine));
        Assert.Equal(1, await FactsAsync(server, other));
        Assert.Equal(1, await FactsAsync(server, theirs, "harbor"));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Post_SameIdInAnotherCasingOfIdAndPath_IsTheSameRequest(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "direct");

        var first = await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order(), headers: Id);
        var again = await server.SendAsync("POST", $"/v1//Customers/{customer.ToString().ToUpperInvariant()}/ORDERS", TestServer.Order(),
            headers: ("MS-RequestId", $" {Id.Item2.ToUpperInvariant()} , another"));

        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Get_SameIdAsAPost_IsNotReplayed(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var path = $"/v1/customers/{await FreshCustomers.AddAsync(server, "direct")}/orders";

        await server.SendAsync("POST", path, TestServer.Order(), headers: Id);
        var one = await server.SendAsync("GET", path, headers: Id);
        await server.SendAsync("POST", path, TestServer.Order(7));
        var two = await server.SendAsync("GET", path, headers: Id);

        Assert.Equal((1, 2), (one.Json["totalCount"]!.GetValue<int>(), two.Json["totalCount"]!.GetValue<int>()));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Post_RefusedThenPossible_IsDecidedAnew(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");

        var refused = await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order(), headers: Id);
        await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation());
        var placed = await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order(), headers: Id);

        Assert.Equal((403, 201), (refused.Status, placed.Status));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Post_SameIdAfterARestart_GetsTheFirstAnswer(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (confirm, order) = ($"/v1/customers/{TestServer.Customer("never")}/agreements", $"/v1/customers/{TestServer.Customer("direct")}/orders");
        var body = server.Confirmation();
        Answer[] before = [await server.SendAsync("POST", confirm, body, headers: Id), await server.SendAsync("POST", order, TestServer.Order(), headers: Id)];

        await server.RestartAsync();
        Answer[] after = [await server.SendAsync("POST", confirm, body, headers: Id), await server.SendAsync("POST", order, TestServer.Order(), headers: Id)];
        var otherBody = await server.SendAsync("POST", order, TestServer.Order(6), headers: Id);

        Assert.Equal(before.Select(answer => (201, answer.Body)), after.Select(answer => (answer.Status, answer.Body)));
        Assert.Equal((409, 409), (otherBody.Status, otherBody.Code));
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Post_SameIdAfterTheRetention_IsGuardedByTheNaturalKey(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var path = $"/v1/customers/{TestServer.Customer("never")}/agreements";
        var body = server.Confirmation();
        await server.SendAsync("POST", path, body, headers: Id);
        await ForgetAsync(server, IdempotencyRows.Retention - TimeSpan.FromMinutes(1));
        var remembered = await server.SendAsync("POST", path, body, headers: Id);

        await ForgetAsync(server, IdempotencyRows.Retention + TimeSpan.FromMinutes(1));
        var forgotten = await server.SendAsync("POST", path, body, headers: Id);

        Assert.Equal(201, remembered.Status);
        Assert.Equal((409, 600061), (forgotten.Status, forgotten.Code));
        Assert.Equal(1, await FactsAsync(server, TestServer.Customer("never")));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Post_TwinOfARequestUnderWay_IsToldToComeAgain(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await using var held = await HeldLoop.StartAsync(server);
        var (confirm, body) = ($"/v1/customers/{TestServer.Customer("never")}/agreements", server.Confirmation());
        var order = $"/v1/customers/{TestServer.Customer("direct")}/orders";
        Task<Answer>[] first =
        [
            server.SendAsync("POST", confirm, body, headers: Id), server.SendAsync("POST", order, TestServer.Order(), headers: Id),
        ];
        await Until.TrueAsync(() => server.Parts.Context.Loop.Queued == first.Length);

        Answer[] twins =
        [
            await server.SendAsync("POST", confirm, body, headers: Id), await server.SendAsync("POST", order, TestServer.Order(), headers: Id),
            await server.SendAsync("POST", order, TestServer.Order(6), headers: Id),
        ];
        held.Release();
        var answered = await Task.WhenAll(first);
        Answer[] again = [await server.SendAsync("POST", confirm, body, headers: Id), await server.SendAsync("POST", order, TestServer.Order(), headers: Id)];

        Assert.All(twins, twin =>
        {
            Assert.Equal((409, "1"), (twin.Status, twin.Headers["Retry-After"]));
            Assert.Equal("""{"code":800064,"description":"The first request with this id is still being carried out. Repeat this one to get its answer.","data":[],"source":"PartnerFD"}""", twin.Body);
        });
        Assert.Equal(answered.Select(answer => (201, answer.Body)), again.Select(answer => (answer.Status, answer.Body)));
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Post_TwinOfAPartnerThatWaits_GetsTheFirstAnswer(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.SwitchAsync("aozora", "requestInFlight", "wait");
        await using var held = await HeldLoop.StartAsync(server);
        var path = $"/v1/customers/{TestServer.Customer("direct")}/orders";
        var first = server.SendAsync("POST", path, TestServer.Order(), headers: Id);
        var twin = server.SendAsync("POST", path, TestServer.Order(), headers: Id);
        await Until.TrueAsync(() => server.Parts.Context.Loop.Queued == 2);

        held.Release();

        Assert.Equal((201, (await first).Body), ((await twin).Status, (await twin).Body));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Bulk_TwinOfARecordUnderWay_IsRefusedInItsPlace(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await using var held = await HeldLoop.StartAsync(server);
        const string path = "/v1/CreateBulkReAttestation";
        var body = $$"""[{"customerId":"{{TestServer.Customer("never")}}","agreement":{{server.Confirmation()}} }]""";
        var first = server.SendAsync("POST", path, body, headers: Id);
        await Until.TrueAsync(() => server.Parts.Context.Loop.Queued == 1);

        var twin = await server.SendAsync("POST", path, body, headers: Id);
        held.Release();

        Assert.Equal((200, 409, 800064), (twin.Status, twin.Json[0]!["status"]!.GetValue<int>(), twin.Json[0]!["code"]!.GetValue<int>()));
        Assert.Equal(201, (await first).Json[0]!["status"]!.GetValue<int>());
    }

    [Fact]
    public async Task Post_TwinOnAnotherNode_WaitsForTheTransactionAndGetsTheFirstAnswer()
    {
        await using var first = await TestServer.StartAsync("postgres");
        await using var second = await first.JoinAsync();
        var path = $"/v1/customers/{TestServer.Customer("direct")}/orders";
        var key = RequestKey.Of(TestServer.Partner("aozora").Id, "POST", path, Id.Item2, default)!;
        await using var held = await HeldLoop.StartAsync(first, key.LockKey);
        var here = first.SendAsync("POST", path, TestServer.Order(), headers: Id);
        var there = second.SendAsync("POST", path, TestServer.Order(), headers: Id);
        await Until.TrueAsync(() => first.Parts.Context.Loop.Queued == 1 && second.Parts.Context.Loop.Busy > TimeSpan.Zero);

        held.Release();

        Assert.Equal((201, (await here).Body), ((await there).Status, (await there).Body));
        Assert.Equal((await here).Body, (await second.SendAsync("POST", path, TestServer.Order(), headers: Id)).Body);
    }

    /// <summary>Keeps the one writer busy with an operation that does nothing until it is released.</summary>
    private sealed class HeldLoop(TaskCompletionSource done, Task running) : IAsyncDisposable
    {
        public static async Task<HeldLoop> StartAsync(TestServer server, params long[] keys)
        {
            var (begun, done) = (new TaskCompletionSource(), new TaskCompletionSource());
            var running = server.Parts.Context.Loop.RunAsync(new CraftedOperation(
                async tx =>
                {
                    begun.TrySetResult();
                    await done.Task;
                    return "";
                },
                keys));
            await begun.Task;
            return new HeldLoop(done, running);
        }

        public void Release() => done.TrySetResult();

        public async ValueTask DisposeAsync()
        {
            Release();
            await running;
        }
    }

    private static Task<long> FactsAsync(TestServer server, Core.CustomerId customer, string partner = "aozora") =>
        server.Parts.Database.ReadEverythingAsync(async tx => (long)(await FactRows.OfAsync(tx, TestServer.Partner(partner).Id, customer)).Count(
            fact => fact.Fact.Contact is not null)).AsTask();

    private static async Task ForgetAsync(TestServer server, TimeSpan later) =>
        _ = (await server.Parts.Context.Loop.RunAsync(new Forget(server.Parts.Context.Clocks.Wall.GetUtcNow() + later))).Value;

    private sealed class Forget(DateTimeOffset now) : Operation<int>
    {
        public override IReadOnlyList<long> Keys => [];

        public override PartnerScope Scope => PartnerScope.Everything;

        protected override async ValueTask<Core.Outcome<int>> DecideAsync(Tx tx) => await IdempotencyRows.ForgetOldAsync(tx, now);
    }
}
