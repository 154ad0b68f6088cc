using System.Text.Json.Nodes;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Ledger;
using Concordat.Core.Policy;
using Concordat.Server.Operations;
using Concordat.Server.Storage;
using Concordat.Server.Tests.Operations;

namespace Concordat.Server.Tests.PartnerCenter;

/// <summary>Switches that no sample of the wire and no other test turns: what a call is answered before and after.</summary>
public class SwitchTests
{
    private const string Refused = "403/900428";
    private static readonly string[] Both = ["attest", "acceptDirectly"];

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task OutdatedCodeForBoth_NothingOnRecord_IsRefusedAsOutdated(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        Assert.Equal(("403/13605", Refused), await TurnAsync(server, "outdatedCodeForBoth", "true", () => OrderAsync(server, TestServer.Customer("never"))));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task GateReactivation_SuspendedToActive_IsRefused(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var answers = await TurnAsync(server, "gateReactivation", "true", async () =>
            await PatchAsync(server, await Shop.AddAsync(server, "never", status: "suspended"), "status", "active"));

        Assert.Equal(("200", "403/13605"), answers);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task GateScheduledChange_NextTerm_IsPermitted(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var answers = await TurnAsync(server, "gateScheduledChange", "false", async () =>
            await PatchAsync(server, await Shop.AddAsync(server, "never"), "scheduledNextTermInstructions", JsonNode.Parse("""{"quantity":4}""")));

        Assert.Equal(("403/13605", "200"), answers);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task DisputeBlocks_DisputedConfirmation_IsRefused(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "attested-current");
        _ = (await server.Parts.Context.Loop.RunAsync(new CraftedOperation(
            tx => DisputeAsync(server, tx, customer), LockKeys.Of(TestServer.Partner("aozora").Id, customer)))).Value;

        Assert.Equal(("201", Refused), await TurnAsync(server, "disputeBlocks", "true", () => OrderAsync(server, customer)));
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task CutOffCompares_AgreedBeforeRecordedAfter_IsPermittedByTheRecord(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var answers = await TurnAsync(server, "cutOffCompares", "recordedAt", async () =>
        {
            var customer = await FreshCustomers.AddAsync(server, "never");
            Assert.Equal("201", await ConfirmAsync(server, customer, new DateTimeOffset(2022, 5, 1, 0, 0, 0, TimeSpan.Zero)));
            return await OrderAsync(server, customer);
        });

        Assert.Equal((Refused, "201"), answers);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task DuplicateAgainst_SamePersonAsAStaleConfirmation_IsADuplicateOfAny(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var answers = await TurnAsync(server, "duplicateAgainst", "any", async () =>
        {
            var customer = await FreshCustomers.AddAsync(server, "attested-stale");
            var person = FreshCustomers.Signatory;
            return Shown(await server.SendAsync("POST", $"/v1/customers/{customer}/agreements",
                server.Confirmation(person.Email, first: person.FirstName).Replace("Sato", person.LastName, StringComparison.Ordinal)));
        });

        Assert.Equal(("201", "409/600061"), answers);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task OperatorRequired_AppOnlyWrite_NeedsTheHeader(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var path = $"{Shop.Path("direct")}/orders";
        var answers = await TurnAsync(server, "operatorRequiredForAppOnly", "true",
            async () => Shown(await server.SendAsync("POST", path, TestServer.Order(), who: "app")));

        Assert.Equal(("201", "400/800002"), answers);
        Assert.Equal(201, (await server.SendAsync("POST", path, TestServer.Order(), who: "app", headers: ("X-Concordat-Operator", "e-17"))).Status);
        Assert.Equal(200, (await server.SendAsync("GET", path, who: "app")).Status);
        Assert.Equal(201, (await server.SendAsync("POST", path, TestServer.Order())).Status);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task DirectAcceptanceDeadEnd_AttestedCustomer_IsNotSentToAcceptItself(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        async Task<string[]> Remedies() =>
            [.. (await server.SendAsync("POST", $"{Shop.Path("attested-stale")}/orders", TestServer.Order())).Json["remedies"]!.AsArray().Select(word => word!.GetValue<string>())];
        var before = await Remedies();
        await server.SwitchAsync("aozora", "directAcceptanceDeadEnd", "true");

        Assert.Equal(Both, before);
        Assert.Equal(Both[..1], await Remedies());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task ClockSkew_None_RefusesAClockAhead(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var answers = await TurnAsync(server, "clockSkew", "00:00:00", async () => await ConfirmAsync(
            server, await FreshCustomers.AddAsync(server, "never"), server.Parts.Context.PolicyNow(PartnerEnvironment.Production).AddMinutes(2)));

        Assert.Equal(("201", "400/600002"), answers);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task DateAgreedFloor_Later_RefusesWhatLiesBefore(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var answers = await TurnAsync(server, "dateAgreedFloor", "2021-01-01", async () => await ConfirmAsync(
            server, await FreshCustomers.AddAsync(server, "never"), new DateTimeOffset(2020, 12, 31, 23, 59, 59, TimeSpan.Zero)));

        Assert.Equal(("201", "400/600002"), answers);
    }

    /// <summary>What is answered by default, and with the switch turned.</summary>
    private static async Task<(string Default, string Turned)> TurnAsync(TestServer server, string name, string value, Func<Task<string>> ask)
    {
        var before = await ask();
        await server.SwitchAsync("aozora", name, value);
        return (before, await ask());
    }

    private static async Task<string> OrderAsync(TestServer server, CustomerId customer) =>
        Shown(await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order()));

    private static async Task<string> ConfirmAsync(TestServer server, CustomerId customer, DateTimeOffset agreed) =>
        Shown(await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation(agreed: agreed)));

    private static async Task<string> PatchAsync(TestServer server, Guid subscription, string name, JsonNode? value)
    {
        var path = $"{Shop.Path("never")}/subscriptions/{subscription}";
        var body = await Shop.GetAsync(server, path);
        body[name] = value;
        return Shown(await server.SendAsync("PATCH", path, body.ToJsonString()));
    }

    private static string Shown(Answer answer) => answer.Status < 300 ? $"{answer.Status}" : $"{answer.Status}/{answer.Code}";

    // Nothing on the wire disputes a confirmation yet, so the fact is written as an operation would.
    private static async ValueTask<Outcome<string>> DisputeAsync(TestServer server, Tx tx, CustomerId customer)
    {
        var (context, actor) = (server.Parts.Context, FreshCustomers.ActorOf(server, "aozora"));
        var now = context.PolicyNow(PartnerEnvironment.Production);
        var entry = new LedgerEntry
        {
            Id = new EntryId(context.Ids.NewId()),
            Kind = "customer.disputed",
            At = now,
            Recorded = context.Clocks.Wall.GetUtcNow(),
            Policy = Evidence.PolicyVersion,
            Method = "customer",
            Retention = "agreement",
        };
        var bytes = entry.ToBytes();
        await LedgerRows.AddAsync(tx, entry.Id, bytes, LeafHash.Of(bytes));
        var facts = await FactRows.OfAsync(tx, actor.Partner.Id, customer);
        var fact = new AgreementFact(new FactId(context.Ids.NewId()), FactKind.Disputed, AgreementType.MicrosoftCustomerAgreement, now)
        {
            Concerns = facts[^1].Fact.Id,
        };
        await FactRows.AddAsync(tx, actor.Partner.Id, customer, new FactRow(facts.Count + 1, fact, "customer", null, null, entry.Id));
        await Standings.RefoldAsync(tx, context, actor.Partner, customer);
        return "";
    }
}
