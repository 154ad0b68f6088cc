using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Fields;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;

namespace Concordat.Server.PartnerCenter;

/// <summary>A migration or a schedule as sent.</summary>
internal sealed record SentMigration
{
    public string? CurrentSubscriptionId { get; init; }

    public string? CatalogItemId { get; init; }

    public int? Quantity { get; init; }

    public string? TermDuration { get; init; }

    public string? BillingCycle { get; init; }

    public string? ExternalReferenceId { get; init; }

    /// <summary>For a schedule: the day.</summary>
    public string? TargetDate { get; init; }

    /// <summary>For a schedule: instead of a day, the end of the running term.</summary>
    public bool? MigrateOnRenewal { get; init; }
}

/// <summary>Makes sense of a sent migration or schedule.</summary>
internal static class MigrationReading
{
    private const int MostReferenceLetters = 128;

    /// <summary>What to migrate now.</summary>
    internal sealed record Asked(Guid Subscription, MoveRequest Move, string? Reference);

    public static Outcome<Asked> Migration(Call call) =>
        !call.Read(MigrationTypes.Default.SentMigration).TryGetValue(out var body, out var problem)
        || !Guids.Parse(body.CurrentSubscriptionId, "currentSubscriptionId").TryGetValue(out var id, out problem)
        || !MoveOf(body).TryGetValue(out var move, out problem)
            ? problem
            : new Asked(id, move, body.ExternalReferenceId);

    /// <summary>What to migrate later; <paramref name="changes"/> a schedule, which knows its subscription.</summary>
    public static Outcome<ScheduleRequest> Schedule(Call call, bool changes)
    {
        var id = Guid.Empty;
        if (!call.Read(MigrationTypes.Default.SentMigration).TryGetValue(out var body, out var problem)
            || (!(changes && string.IsNullOrEmpty(body.CurrentSubscriptionId))
                && !Guids.Parse(body.CurrentSubscriptionId, "currentSubscriptionId").TryGetValue(out id, out problem))
            || !MoveOf(body).TryGetValue(out var move, out problem)
            || !WireWords.Date(body.TargetDate, "targetDate").TryGetValue(out var target, out problem))
        {
            return problem!;
        }

        return target.Value is null == (body.MigrateOnRenewal == true)
            ? new ScheduleRequest(id == Guid.Empty ? null : id, move, target.Value, body.ExternalReferenceId)
            : new Problem(ProblemCode.InvalidInput, "Name a day in targetDate, or set migrateOnRenewal; not both.", "targetDate");
    }

    private static Outcome<MoveRequest> MoveOf(SentMigration body)
    {
        if (!WireWords.TermDuration(body.TermDuration, "termDuration").TryGetValue(out var term, out var problem)
            || !WireWords.BillingCycle(body.BillingCycle, "billingCycle").TryGetValue(out var cycle, out problem)
            || !WireWords.Text(body.ExternalReferenceId, "externalReferenceId", MostReferenceLetters).TryGetValue(out _, out problem))
        {
            return problem;
        }

        var offer = string.IsNullOrEmpty(body.CatalogItemId) ? Offers.MigrationTarget : Offers.Normalise(body.CatalogItemId);
        return offer is null
            ? new Problem(ProblemCode.InvalidInput, "catalogItemId is product:sku:availability.", "catalogItemId")
            : new MoveRequest(offer, body.Quantity is 0 ? null : body.Quantity, term.Value ?? "P1Y", cycle.Value);
    }
}
