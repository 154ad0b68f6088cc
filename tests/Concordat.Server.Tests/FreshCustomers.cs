using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Sandbox;

namespace Concordat.Server.Tests;

/// <summary>
/// Customers for one test each, brought into a standing by the operations that clients cause. What is in the past is made
/// with the policy clock set back, so the server must not be shared with a test that looks at the time.
/// </summary>
internal static class FreshCustomers
{
    public static readonly Contact Signatory = new("Robin", "Hartley", "robin.hartley@customer.example", null);

    private static readonly DateTimeOffset Before = new(2022, 6, 15, 3, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset After = new(2024, 9, 2, 3, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset InCloudTimes = new(2019, 5, 20, 3, 0, 0, TimeSpan.Zero);

    /// <summary>A new customer of <paramref name="partner"/>; scenarios as in <see cref="SeedPlan"/>.</summary>
    public static async Task<CustomerId> AddAsync(TestServer server, string scenario, string partner = "aozora")
    {
        var context = server.Parts.Context;
        var actor = ActorOf(server, partner);
        var cloud = scenario == "national-cloud" ? "us-government" : "public";
        var asked = new NewCustomer(null, $"c{context.Ids.NewId():N}.onmicrosoft.example", "Fresh Bakery", null, "reseller", null, cloud);
        var id = (await context.Loop.RunAsync(new AddCustomer(context, actor, null, asked))).Value.Id;
        var clock = context.Clocks.Policy(actor.Partner.Environment);
        var offset = clock.Offset;
        await MakeHistoryAsync(context, actor, id, scenario);
        clock.Offset = offset;
        return id;
    }

    /// <summary>A seeded customer of <paramref name="partner"/> accepts directly at that time, without a page.</summary>
    public static async Task AcceptInAsync(TestServer server, CustomerId customer, DateTimeOffset at, string partner = "aozora")
    {
        var actor = ActorOf(server, partner);
        var clock = server.Parts.Context.Clocks.Policy(actor.Partner.Environment);
        var offset = clock.Offset;
        Travel(server.Parts.Context, actor, at);
        _ = (await server.Parts.Context.Loop.RunAsync(new AcceptDirectly(server.Parts.Context, actor.Partner.Environment, customer, [actor.Partner]))).Value;
        clock.Offset = offset;
    }

    public static Actor ActorOf(TestServer server, string partner)
    {
        var seeded = TestServer.Partner(partner);
        var person = SeedPlan.PersonOf(seeded, "admin", Roles.AdminAgent);
        return new Actor(server.Parts.Directory.Find(seeded.Id)!, person.Oid, SeedPlan.AppOf(seeded).AppId, null, "test");
    }

    /// <summary>The customer accepts itself, now.</summary>
    public static async Task AcceptDirectlyAsync(TestServer server, CustomerId customer, string partner = "aozora")
    {
        var (context, actor) = (server.Parts.Context, ActorOf(server, partner));
        _ = (await context.Loop.RunAsync(new AcceptDirectly(context, actor.Partner.Environment, customer, [actor.Partner]))).Value;
    }

    private static async Task MakeHistoryAsync(OperationContext context, Actor actor, CustomerId id, string scenario)
    {
        switch (scenario)
        {
            case "never" or "national-cloud":
                break;
            case "cloud-agreement-only":
                await ConfirmAsync(context, actor, id, AgreementType.MicrosoftCloudAgreement, InCloudTimes);
                break;
            case "attested-stale":
                await ConfirmAsync(context, actor, id, AgreementType.MicrosoftCustomerAgreement, Before);
                break;
            case "attested-current":
                await ConfirmAsync(context, actor, id, AgreementType.MicrosoftCustomerAgreement, After);
                break;
            case "cloud-and-attested":
                await ConfirmAsync(context, actor, id, AgreementType.MicrosoftCloudAgreement, InCloudTimes);
                await ConfirmAsync(context, actor, id, AgreementType.MicrosoftCustomerAgreement, After);
                break;
            case "direct":
                Travel(context, actor, After);
                _ = (await context.Loop.RunAsync(new AcceptDirectly(context, actor.Partner.Environment, id, [actor.Partner]))).Value;
                break;
            case "refused":
                _ = (await context.Loop.RunAsync(new RecordRefusal(context, actor, id))).Value;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(scenario), scenario, "There is no such scenario.");
        }
    }

    private static async Task ConfirmAsync(OperationContext context, Actor actor, CustomerId id, AgreementType type, DateTimeOffset at)
    {
        Travel(context, actor, at);
        var said = new Confirmation(type, Signatory, at, "partner-legacy", Channel.Api);
        _ = (await context.Loop.RunAsync(new ConfirmAcceptance(context, actor, id, null, said))).Value;
    }

    private static void Travel(OperationContext context, Actor actor, DateTimeOffset to) =>
        context.Clocks.Policy(actor.Partner.Environment).Offset = to - context.Clocks.Wall.GetUtcNow();
}
