using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>A migration as carried out; done at once here.</summary>
internal sealed record WireMigration(
    string Id, string StartedTime, string CompletedTime, string CurrentSubscriptionId, string Status, string CustomerTenantId,
    string CatalogItemId, string NewCommerceSubscriptionId, string NewCommerceOrderId, string? SubscriptionEndDate, int Quantity,
    string? TermDuration, string BillingCycle, string? ExternalReferenceId)
{
    public WireAttributes Attributes { get; } = new("NewCommerceMigration");

    public static WireMigration Of(Migration migration, CustomerId customer)
    {
        var target = migration.Target;
        var at = LedgerEntry.Instant(migration.At);
        return new WireMigration(
            migration.Id.ToString("D"), at, at, migration.Source.ToString("D"), "Completed", customer.ToString(), target.Offer,
            target.Id.ToString("D"), migration.Order.ToString("D"), target.TermEnd is { } end ? LedgerEntry.Instant(end) : null,
            target.Quantity, target.TermDuration, target.BillingCycle, migration.Reference);
    }
}

internal sealed record WireMigrationEligibility(
    string CurrentSubscriptionId, bool IsEligible, string CatalogItemId, int Quantity, string TermDuration, string? BillingCycle,
    IReadOnlyList<WireMigrationError> Errors)
{
    public WireAttributes Attributes { get; } = new("NewCommerceEligibility");
}

internal sealed record WireMigrationError(int Code, string Description);

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SentMigration))]
[JsonSerializable(typeof(WireMigration))]
[JsonSerializable(typeof(IReadOnlyList<WireMigration>))]
[JsonSerializable(typeof(WireMigrationEligibility))]
[JsonSerializable(typeof(WireMigrationSchedule))]
[JsonSerializable(typeof(IReadOnlyList<WireMigrationSchedule>))]
internal sealed partial class MigrationTypes : JsonSerializerContext;

/// <summary>
/// Legacy subscriptions (those of a GUID offer) to new commerce: validate, carry out, get, list. Validating asks no permission.
/// </summary>
internal static class Migrations
{
    private const string Path = "customers/{customer}/migrations/newcommerce";

    public static void Map(WireRoutes routes)
    {
        routes.Post($"{Path}/validate", Access.Read, ValidateAsync, new(
            "Says whether a legacy subscription can move to new commerce.",
            Request: typeof(SentMigration), Response: typeof(WireMigrationEligibility)));
        routes.Post(Path, Access.Transact, MigrateAsync, new(
            "Moves a legacy subscription to new commerce; the gate decides.", 201, typeof(SentMigration), typeof(WireMigration)));
        routes.Get(Path + "/{migration}", Access.Read, GetAsync, new("Shows a migration.", Response: typeof(WireMigration)));
        routes.Get("migrations/newcommerce", Access.Read, ListAsync, new(
            "Lists the partner's migrations.", Response: typeof(IReadOnlyList<WireMigration>))
        { Query = MigrationQuery.Notes });
    }

    private static async Task ValidateAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !MigrationReading.Migration(call).TryGetValue(out var asked, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var found = await Subscriptions.FindAsync(call, customer, asked.Subscription);
        await call.RespondAsync(200, found, row => EligibilityOf(call, asked, row.Subscription), MigrationTypes.Default.WireMigrationEligibility);
    }

    private static WireMigrationEligibility EligibilityOf(Call call, MigrationReading.Asked asked, Subscription subscription)
    {
        var obstacle = MigrateSubscription.Ineligible(subscription);
        return new WireMigrationEligibility(
            asked.Subscription.ToString("D"), obstacle is null, asked.Move.Offer, asked.Move.Quantity ?? subscription.Quantity,
            asked.Move.TermDuration!, asked.Move.BillingCycle ?? subscription.BillingCycle,
            obstacle is null ? [] : [new WireMigrationError(WireError.Of(obstacle, call.Partner.Switches).Code, obstacle.Message)]);
    }

    private static async Task MigrateAsync(Call call)
    {
        var asked = call.Customer().TryGetValue(out var customer, out var problem)
            && MigrationReading.Migration(call).TryGetValue(out var sent, out problem)
            ? new MigrateSubscription(call.Parts.Context, call.Actor, customer, call.Key, sent.Subscription, sent.Move, sent.Reference)
            : (Outcome<GatedOperation<Migration>>)problem;
        await call.TransactAsync(asked, 201, migration => WireMigration.Of(migration, customer), MigrationTypes.Default.WireMigration);
    }

    private static async Task GetAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem) || !call.Id("migration").TryGetValue(out var id, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (standing, migration) = await call.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, call.Partner.Id, customer), await MigrationRows.FindAsync(tx, call.Partner.Id, customer, id)));
        problem = Relationship.Check(standing)
            ?? (migration is null ? new Problem(ProblemCode.NotFound, "There is no such migration.", "migration") : null);
        await (problem is null
            ? call.RespondAsync(200, WireMigration.Of(migration!, customer), MigrationTypes.Default.WireMigration)
            : call.RefuseAsync(problem));
    }

    private static Task ListAsync(Call call) => MigrationQuery.RespondAsync(
        call, MigrationRows.AfterAsync, row => new MigrationPlace(row.Customer.Value, row.Migration.Id),
        (query, row) => query.Wants(row.Migration.Source, row.Migration.Reference),
        row => WireMigration.Of(row.Migration, row.Customer), MigrationTypes.Default.IReadOnlyListWireMigration);
}
