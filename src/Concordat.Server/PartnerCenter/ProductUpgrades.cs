using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>The customer and what it is to be upgraded to; the same body for all three calls.</summary>
internal sealed record SentProductUpgrade(string? CustomerId, string? ProductFamily);

internal sealed record WireProductUpgradeEligibility(string CustomerId, bool IsEligible, string ProductFamily, string? UpgradeId, string? Reason)
{
    public WireAttributes Attributes { get; } = new("ProductUpgradesEligibility");
}

internal sealed record WireProductUpgradeStatus(string Id, string Status, string ProductFamily, IReadOnlyList<WireUpgradedLine> LineItems)
{
    public WireAttributes Attributes { get; } = new("ProductUpgradesStatus");
}

internal sealed record WireUpgradedLine(WireUpgradedProduct TargetProduct, string UpgradedDate, string Status)
{
    public WireAttributes Attributes { get; } = new("UpgradesLineItem");
}

internal sealed record WireUpgradedProduct(string Id, string Name);

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SentProductUpgrade))]
[JsonSerializable(typeof(WireProductUpgradeEligibility))]
[JsonSerializable(typeof(WireProductUpgradeStatus))]
internal sealed partial class ProductUpgradeTypes : JsonSerializerContext;

/// <summary>From a legacy Azure subscription to the Azure plan: may it, do it, is it done. There is no other product family.</summary>
internal static class ProductUpgrades
{
    private const string Path = "productupgrades";
    private const string Family = "azure";

    public static void Map(WireRoutes routes)
    {
        var sent = typeof(SentProductUpgrade);
        var question = Access.ReadCustomersAsUser with { ChangesNothing = true };
        routes.Post($"{Path}/eligibility", question, EligibilityAsync, new(
            "Says whether a customer can be upgraded to the Azure plan.", Request: sent, Response: typeof(WireProductUpgradeEligibility)));
        routes.Post(Path, Access.Transact with { AppOnly = false }, UpgradeAsync, new(
            "Gives a customer the Azure plan; the gate decides. Location names the upgrade.", 202, sent));
        routes.Post(Path + "/{upgrade}/status", question, StatusAsync, new(
            "Says how far an upgrade is.", Request: sent, Response: typeof(WireProductUpgradeStatus)));
    }

    private static async Task EligibilityAsync(Call call)
    {
        if (!CustomerOf(call).TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (standing, rows) = await call.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, call.Partner.Id, customer), await SubscriptionRows.OfCustomerAsync(tx, call.Partner.Id, customer)));
        var plan = UpgradeToAzurePlan.PlanOf(rows);
        await (Relationship.Check(standing) is { } absent
            ? call.RefuseAsync(absent)
            : call.RespondAsync(200, new WireProductUpgradeEligibility(
                customer.ToString(), plan is null, Family, plan?.OrderId.ToString("D"), plan is null ? null : "The customer has an Azure plan already."),
                ProductUpgradeTypes.Default.WireProductUpgradeEligibility));
    }

    private static async Task UpgradeAsync(Call call)
    {
        if (!CustomerOf(call).TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var outcome = await call.Parts.Transactions.RunAsync(new UpgradeToAzurePlan(call.Parts.Context, call.Actor, customer, call.Key));
        if (!outcome.TryGetValue(out var order, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        // Relative: the client of the documentation takes the second part of it for the id.
        call.Http.Response.Headers.Location = $"productUpgrades/{order.Id:D}";
        await call.RespondAsync(202);
    }

    private static async Task StatusAsync(Call call)
    {
        if (!CustomerOf(call).TryGetValue(out var customer, out var problem) || !call.Id("upgrade").TryGetValue(out var id, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (standing, order) = await call.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, call.Partner.Id, customer), await OrderRows.FindAsync(tx, call.Partner.Id, customer, id)));
        var plan = order?.Lines.FirstOrDefault(line => Offers.ProductOf(line.Offer) == Offers.ProductOf(Offers.AzurePlan));
        problem = Relationship.Check(standing) ?? (plan is null ? new Problem(ProblemCode.NotFound, "There is no such upgrade.", "upgrade") : null);
        await (problem is null
            ? call.RespondAsync(200, StatusOf(order!, plan!), ProductUpgradeTypes.Default.WireProductUpgradeStatus)
            : call.RefuseAsync(problem));
    }

    private static WireProductUpgradeStatus StatusOf(Order order, OrderLine plan) => new(
        order.Id.ToString("D"), "Completed", Family,
        [new WireUpgradedLine(new WireUpgradedProduct(plan.SubscriptionId.ToString("D"), Offers.NameOf(plan.Offer)), LedgerEntry.Instant(order.CreatedAt), "Completed")]);

    private static Outcome<CustomerId> CustomerOf(Call call) =>
        !call.Read(ProductUpgradeTypes.Default.SentProductUpgrade).TryGetValue(out var body, out var problem) ? problem
        : !Guids.TryParse(body.CustomerId, out var id) ? new Problem(ProblemCode.InvalidCustomerId, "The customer id is not a GUID.", "customerId")
        : !string.Equals(body.ProductFamily, Family, StringComparison.OrdinalIgnoreCase)
            ? new Problem(ProblemCode.UnknownEnumWord, "productFamily is azure.", "productFamily")
        : new CustomerId(id);
}
