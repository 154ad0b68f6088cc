using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Moves seats of a subscription to another item: the legacy upgrade and the new-commerce transition. Without
/// <paramref name="into"/> a new subscription is made.
/// </summary>
internal sealed class MoveSubscription(
    OperationContext context, Actor actor, CustomerId customer, RequestKey? key, Guid subscription, MoveRequest request, Guid? into)
    : GatedOperation<MoveResult>(context, actor, customer, key)
{
    private static readonly ActionSet Upgrade = ActionSet.Of(ActionClass.Upgrade);

    private Subscription? source;
    private Subscription? target;

    public override string AuditWord => "upgrade_subscription";

    protected override async ValueTask<Outcome<Intent>> IntentAsync(Tx tx)
    {
        source = (await SubscriptionRows.FindAsync(tx, Actor.Partner.Id, Customer, subscription))?.Subscription;
        if (source is null)
        {
            return ChangeSubscription.Missing;
        }

        target = into is { } id ? (await SubscriptionRows.FindAsync(tx, Actor.Partner.Id, Customer, id))?.Subscription : null;
        return into is not null && target is null
            ? new Problem(ProblemCode.InvalidInput, "The customer has no subscription with that id.", "toSubscriptionId")
            : new Intent(Upgrade, Offers.ProductOf(request.Offer));
    }

    protected override async ValueTask<Outcome<MoveResult>> ApplyAsync(Tx tx, EntryId? entry)
    {
        var outcome = target is null
            ? Moves.ToNew(source!, request, Context.Ids.NewId(), source!.OrderId, Now)
            : Moves.ToExisting(source!, target, request, Now);
        if (!outcome.TryGetValue(out var moved, out var problem))
        {
            return problem;
        }

        var partner = Actor.Partner.Id;
        await SubscriptionRows.SaveAsync(tx, partner, Customer, moved.Source);
        if (target is null)
        {
            await SubscriptionRows.AddAsync(tx, partner, Customer, moved.Target);
        }
        else
        {
            await SubscriptionRows.SaveAsync(tx, partner, Customer, moved.Target);
        }

        return new MoveResult(source!.Id, moved.Target.Id, Now);
    }

    protected override string ResourceOf(MoveResult value) => value.Target.ToString("D");

    protected override string Remember(MoveResult value) => value.ToText();

    protected override ValueTask<MoveResult> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(MoveResult.FromText(kept));
}
