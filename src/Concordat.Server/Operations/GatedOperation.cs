using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>What a transaction does, found by comparing what is stored with what was sent.</summary>
/// <param name="Actions">Everything it changes; empty when it changes nothing.</param>
/// <param name="Product">Product id for rules that name products; null when several or unknown.</param>
internal readonly record struct Intent(ActionSet Actions, string? Product);

/// <summary>
/// A transaction that the gate has a say in. The standing is read inside the transaction that the order is written in, and
/// one gated difference blocks the whole. What it permits or refuses leaves an audit row;
/// what changes nothing leaves none.
/// </summary>
internal abstract class GatedOperation<T>(OperationContext context, Actor actor, CustomerId customer, RequestKey? key)
    : RememberedOperation<T>(key, context.Clocks)
{
    private PlannedRead<StandingRow>? standing;

    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(LockKeys.Of(actor.Partner.Id, customer));

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    /// <summary>The audit's word for this: <c>create_order</c>, <c>update_subscription</c> ...</summary>
    public abstract string AuditWord { get; }

    public Actor Actor => actor;

    public CustomerId Customer => customer;

    protected OperationContext Context => context;

    /// <summary>The policy clock when the operation was made: one instant for its decision and everything it writes.</summary>
    protected DateTimeOffset Now { get; } = context.PolicyNow(actor.Partner.Environment);

    public override void Plan(List<PlannedRead> reads)
    {
        base.Plan(reads);
        standing = StandingRows.PlanFind(actor.Partner.Id, customer);
        reads.Add(standing);
    }

    /// <summary>Asks the gate with what is stored now, without changing anything.</summary>
    public async ValueTask<Problem?> PreviewAsync(Tx tx)
    {
        var asked = await AskAsync(tx, await StandingRows.FindAsync(tx, actor.Partner.Id, customer));
        return !asked.TryGetValue(out var what, out var problem) ? problem
            : Gate.PermitsAll(what.Actions, what.Question, context.Timeline) ? null
            : RefusalOf(Gate.DecideAll(what.Actions, what.Question, context.Timeline));
    }

    protected sealed override async ValueTask<Outcome<T>> CarryOutAsync(Tx tx)
    {
        var found = standing!.Rows is [var row, ..] ? row : null;
        if (!(await AskAsync(tx, found)).TryGetValue(out var what, out var problem))
        {
            return problem;
        }

        var decision = Gate.DecideAll(what.Actions, what.Question, context.Timeline);
        if (!decision.Permitted)
        {
            return RefusalOf(decision);
        }

        var outcome = await ApplyAsync(tx, decision.Facts.Count == 0 ? null : found!.Entry);
        if (!what.Actions.IsEmpty && outcome.Problem is null)
        {
            await AuditRows.AddAsync(tx, Audit.Of(context, actor, customer, AuditWord, "succeeded", decision, ResourceOf(outcome.Value)));
        }

        return outcome;
    }

    /// <summary>Reads what the transaction is about and says what it would change; refuses what does not exist.</summary>
    protected abstract ValueTask<Outcome<Intent>> IntentAsync(Tx tx);

    /// <summary>Writes; <paramref name="entry"/> is the ledger entry that the gate relied on.</summary>
    protected abstract ValueTask<Outcome<T>> ApplyAsync(Tx tx, EntryId? entry);

    /// <summary>Id of what was made or changed, for the audit.</summary>
    protected abstract string ResourceOf(T value);

    private async ValueTask<Outcome<(ActionSet Actions, GateQuestion Question)>> AskAsync(Tx tx, StandingRow? found)
    {
        if (Relationship.Check(found) is { } absent)
        {
            return absent;
        }

        var intent = await IntentAsync(tx);
        if (!intent.TryGetValue(out var what, out var problem))
        {
            return problem;
        }

        return (what.Actions, new GateQuestion(
            found!.Standing, ActionClass.NewPurchase, Channel.Api, actor.Partner.Environment, Now, actor.Partner.Switches, what.Product));
    }

    private static Problem RefusalOf(Decision decision) =>
        new(ProblemCode.AgreementRequired, RefusalText.Of(decision.Refusal!.Value)) { Decision = decision };
}
