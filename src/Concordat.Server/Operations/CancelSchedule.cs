using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Takes a scheduled migration back before its day. Never gated: it leaves everything as it is.</summary>
internal sealed class CancelSchedule(OperationContext context, Actor actor, CustomerId customer, RequestKey? key, Guid id)
    : RememberedOperation<MigrationSchedule>(key, context.Clocks)
{
    /// <summary>What every operation about an unknown schedule answers.</summary>
    public static Problem Missing => new(ProblemCode.NotFound, "There is no such schedule.", "schedule");

    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(LockKeys.Of(actor.Partner.Id, customer));

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    protected override async ValueTask<Outcome<MigrationSchedule>> CarryOutAsync(Tx tx)
    {
        var partner = actor.Partner.Id;
        if (Relationship.Check(await StandingRows.FindAsync(tx, partner, customer)) is { } absent)
        {
            return absent;
        }

        if (await ScheduleRows.FindAsync(tx, partner, customer, id) is not { } schedule)
        {
            return Missing;
        }

        var now = context.PolicyNow(actor.Partner.Environment);
        if (schedule.ClosedAt(now) is { } closed)
        {
            return closed;
        }

        var cancelled = schedule with { Status = ScheduleStatus.Cancelled, ModifiedAt = now };
        await ScheduleRows.SaveAsync(tx, partner, customer, cancelled);
        await AuditRows.AddAsync(tx, Audit.Of(context, actor, customer, "cancel_migration_schedule", "succeeded", null, id.ToString("D")));
        return cancelled;
    }

    protected override string Remember(MigrationSchedule value) => ScheduleRows.ToText(value);

    protected override ValueTask<MigrationSchedule> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(ScheduleRows.FromText(kept));
}
