using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>A migration as sent.</summary>
internal sealed record SentMigration
{
    public string? CurrentSubscriptionId { get; init; }

    public string? CatalogItemId { get; init; }

    public int? Quantity { get; init; }

    public string? TermDuration { get; init; }

    public string? BillingCycle { get; init; }

    public string? ExternalReferenceId { get; init; }
}

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
[JsonSerializable(typeof(WireMigrationEligibility))]
internal sealed partial class MigrationTypes : JsonSerializerContext;

/// <summary>Legacy subscriptions (those of a GUID offer) to new commerce: validate, carry out, get. Validating asks no permission.</summary>
internal static class Migrations
{
    private const string Path = "customers/{customer}/migrations/newcommerce";

    public static void Map(WireRoutes routes)
    {
        routes.Post($"{Path}/validate", Access.Read, ValidateAsync,
            new("Says whether a legacy subscription can move to new commerce."));
        routes.Post(Path, Access.Transact, MigrateAsync,
            new("Moves a legacy subscription to new commerce; the gate decides.", 201));
        routes.Get(Path + "/{migration}", Access.Read, GetAsync, new("Shows a migration."));
    }

    private static async Task ValidateAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem) || !Read(call).TryGetValue(out var asked, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (standing, row) = await call.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, call.Partner.Id, customer),
            await SubscriptionRows.FindAsync(tx, call.Partner.Id, customer, asked.Subscription)));
        if ((Relationship.Check(standing) ?? (row is null ? ChangeSubscription.Missing : null)) is { } absent)
        {
            await call.RefuseAsync(absent);
            return;
        }

        var obstacle = MigrateSubscription.Ineligible(row!.Subscription);
        await call.RespondAsync(200, new WireMigrationEligibility(
            asked.Subscription.ToString("D"), obstacle is null, asked.Request.Offer, asked.Request.Quantity ?? row.Subscription.Quantity,
            asked.Request.TermDuration!, asked.Request.BillingCycle ?? row.Subscription.BillingCycle,
            obstacle is null ? [] : [new WireMigrationError(WireError.Of(obstacle, call.Partner.Switches).Code, obstacle.Message)]),
            MigrationTypes.Default.WireMigrationEligibility);
    }

    private static async Task MigrateAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem) || !Read(call).TryGetValue(out var asked, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var operation = new MigrateSubscription(
            call.Parts.Context, call.Actor, customer, call.Key, asked.Subscription, asked.Request, asked.Reference);
        var outcome = await call.Parts.Transactions.RunAsync(operation);
        await (outcome.TryGetValue(out var migration, out problem)
            ? call.RespondAsync(201, WireMigration.Of(migration, customer), MigrationTypes.Default.WireMigration)
            : call.RefuseAsync(problem));
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

    private sealed record Asked(Guid Subscription, MoveRequest Request, string? Reference);

    private static Outcome<Asked> Read(Call call)
    {
        const int MostReferenceLetters = 128;
        if (!call.Read(MigrationTypes.Default.SentMigration).TryGetValue(out var body, out var problem)
            || !Guids.Parse(body.CurrentSubscriptionId, "currentSubscriptionId").TryGetValue(out var id, out problem)
            || !WireWords.TermDuration(body.TermDuration, "termDuration").TryGetValue(out var term, out problem)
            || !WireWords.BillingCycle(body.BillingCycle, "billingCycle").TryGetValue(out var cycle, out problem))
        {
            return problem;
        }

        if (body.ExternalReferenceId is { Length: > MostReferenceLetters })
        {
            return new Problem(ProblemCode.InvalidInput, $"externalReferenceId takes {MostReferenceLetters} characters at most.", "externalReferenceId");
        }

        var offer = string.IsNullOrEmpty(body.CatalogItemId) ? Offers.MigrationTarget : Offers.Normalise(body.CatalogItemId);
        return offer is null
            ? new Problem(ProblemCode.InvalidInput, "catalogItemId is product:sku:availability.", "catalogItemId")
            : new Asked(id, new MoveRequest(offer, body.Quantity is 0 ? null : body.Quantity, term.Value ?? "P1Y", cycle.Value), body.ExternalReferenceId);
    }
}
