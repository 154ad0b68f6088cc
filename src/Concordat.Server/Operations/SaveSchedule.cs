using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>What a partner wants to happen later.</summary>
/// <param name="Subscription">The legacy subscription; null when a schedule is changed without naming it.</param>
/// <param name="Move">What it is to become; null members stay as they are.</param>
/// <param name="Target">The day; null for the end of the running term.</param>
/// <param name="Reference">The caller's own reference.</param>
internal sealed record ScheduleRequest(Guid? Subscription, MoveRequest Move, DateTimeOffset? Target, string? Reference);

/// <summary>
/// Schedules a migration to new commerce, or changes the schedule <paramref name="existing"/> before its day. The gate is
/// asked as for any change that is scheduled, and again by the migration on its day.
/// </summary>
internal sealed class SaveSchedule(
    OperationContext context, Actor actor, CustomerId customer, RequestKey? key, Guid? existing, ScheduleRequest request)
    : GatedOperation<MigrationSchedule>(context, actor, customer, key)
{
    private static readonly ActionSet Schedules = ActionSet.Of(ActionClass.ScheduledChange);

    private MigrationSchedule? stored;
    private Subscription? source;

    public override string AuditWord => "schedule_migration";

    protected override async ValueTask<Outcome<Intent>> IntentAsync(Tx tx)
    {
        var partner = Actor.Partner.Id;
        stored = existing is { } id ? await ScheduleRows.FindAsync(tx, partner, Customer, id) : null;
        if (existing is not null && stored is null)
        {
            return CancelSchedule.Missing;
        }

        if (stored?.ClosedAt(Now) is { } closed)
        {
            return closed;
        }

        if (stored is not null && request.Subscription is { } named && named != stored.Subscription)
        {
            return new Problem(ProblemCode.InvalidInput, "A schedule stays with its subscription. Cancel it and make another.", "currentSubscriptionId");
        }

        source = (await SubscriptionRows.FindAsync(tx, partner, Customer, stored?.Subscription ?? request.Subscription!.Value))?.Subscription;
        return source is null ? new Problem(ProblemCode.InvalidInput, "The customer has no subscription with that id.", "currentSubscriptionId")
            : MigrateSubscription.Ineligible(source) is { } ineligible ? ineligible
            : new Intent(Schedules, Offers.ProductOf(request.Move.Offer));
    }

    protected override async ValueTask<Outcome<MigrationSchedule>> ApplyAsync(Tx tx, EntryId? entry)
    {
        var partner = Actor.Partner.Id;
        if (stored is null && (await ScheduleRows.WaitingAsync(tx, partner, Customer)).Exists(other => other.Subscription == source!.Id))
        {
            return new Problem(ProblemCode.AlreadyExists, "The subscription has a schedule already. Change or cancel that one.", "currentSubscriptionId");
        }

        if (!DueAt().TryGetValue(out var due, out var problem))
        {
            return problem;
        }

        var seats = request.Move.Quantity ?? source!.Quantity;
        if (seats < 1 || seats > source!.Quantity)
        {
            return new Problem(ProblemCode.InvalidInput, "quantity is at least 1 and at most the seats of the subscription.", "quantity");
        }

        var schedule = new MigrationSchedule(
            stored?.Id ?? Context.Ids.NewId(), source.Id, request.Move with { Quantity = seats }, request.Target is null, due, source.TermEnd,
            request.Reference, stored?.CreatedAt ?? Now, Now);
        await (stored is null ? ScheduleRows.AddAsync(tx, partner, Customer, schedule) : SaveAsync(tx, schedule));
        return schedule;
    }

    protected override string ResourceOf(MigrationSchedule value) => value.Id.ToString("D");

    protected override string Remember(MigrationSchedule value) => ScheduleRows.ToText(value);

    protected override ValueTask<MigrationSchedule> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(ScheduleRows.FromText(kept));

    private async ValueTask SaveAsync(Tx tx, MigrationSchedule schedule) => await ScheduleRows.SaveAsync(tx, Actor.Partner.Id, Customer, schedule);

    private Outcome<DateTimeOffset> DueAt() =>
        request.Target is null && source!.TermEnd is null
            ? new Problem(ProblemCode.InvalidInput, "The subscription has no term that ends. Name a day in targetDate.", "migrateOnRenewal")
        : request.Target <= Now ? new Problem(ProblemCode.InvalidInput, "targetDate lies in the future.", "targetDate")
        : request.Target ?? source!.TermEnd!.Value;
}
