using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Notes what became of a scheduled migration on its day. The migration itself is remembered under the schedule's own key,
/// so that a crash between the two does not carry it out twice.
/// </summary>
internal sealed class FinishSchedule(OperationContext context, Actor actor, CustomerId customer, Guid id, Outcome<Migration> result)
    : Operation<bool>
{
    public override IReadOnlyList<long> Keys => field ??= [LockKeys.Of(actor.Partner.Id, customer)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx)
    {
        var partner = actor.Partner.Id;
        if (await ScheduleRows.FindAsync(tx, partner, customer, id) is not { Status: ScheduleStatus.Created } schedule)
        {
            return false;
        }

        var done = result.TryGetValue(out var migration, out var problem)
            ? schedule with { Status = ScheduleStatus.Completed, Migration = migration.Id }
            : schedule with { Status = ScheduleStatus.Failed, Fault = new ScheduleFault(problem.Code, (int?)problem.Decision?.Refusal, problem.Message) };
        await ScheduleRows.SaveAsync(tx, partner, customer, done with { ModifiedAt = context.PolicyNow(actor.Partner.Environment) });
        return true;
    }
}
