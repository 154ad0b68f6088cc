using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Brings a legacy subscription to new commerce: a new order and subscription, the legacy one ends.</summary>
internal sealed class MigrateSubscription(
    OperationContext context, Actor actor, CustomerId customer, RequestKey? key, Guid subscription, MoveRequest request, string? reference)
    : GatedOperation<Migration>(context, actor, customer, key)
{
    private static readonly ActionSet Migrates = ActionSet.Of(ActionClass.Migration);

    private Subscription? source;

    public override string AuditWord => "migrate_subscription";

    /// <summary>Why a subscription cannot be migrated; null when it can.</summary>
    public static Problem? Ineligible(Subscription subscription) =>
        !Offers.IsLegacy(subscription.Offer) ? new Problem(ProblemCode.StateConflict, "The subscription is a new-commerce one already.", "currentSubscriptionId")
        : subscription.Status != "active" ? new Problem(ProblemCode.StateConflict, "Only an active subscription can be migrated.", "currentSubscriptionId")
        : null;

    protected override async ValueTask<Outcome<Intent>> IntentAsync(Tx tx)
    {
        source = (await SubscriptionRows.FindAsync(tx, Actor.Partner.Id, Customer, subscription))?.Subscription;
        return source is null
            ? new Problem(ProblemCode.InvalidInput, "The customer has no subscription with that id.", "currentSubscriptionId")
            : new Intent(Migrates, Offers.ProductOf(request.Offer));
    }

    protected override async ValueTask<Outcome<Migration>> ApplyAsync(Tx tx, EntryId? entry)
    {
        if (Ineligible(source!) is { } ineligible)
        {
            return ineligible;
        }

        var orderId = Context.Ids.NewId();
        if (!Moves.ToNew(source!, request, Context.Ids.NewId(), orderId, Now).TryGetValue(out var moved, out var problem))
        {
            return problem;
        }

        var partner = Actor.Partner.Id;
        var target = moved.Target;
        var line = new OrderLine(0, target.Offer, target.Quantity, target.FriendlyName, target.TermDuration, target.Id, null, target.PartnerIdOnRecord);
        await new Provisioned(new Order(orderId, Customer, target.BillingCycle, "USD", [line], Now), [target]).AddAsync(tx, partner, entry);
        var migration = new Migration(Context.Ids.NewId(), subscription, target, orderId, Now, reference);
        await MigrationRows.AddAsync(tx, partner, Customer, migration);
        await SubscriptionRows.SaveAsync(tx, partner, Customer, moved.Source);
        return migration;
    }

    protected override string ResourceOf(Migration value) => value.Target.Id.ToString("D");

    protected override string Remember(Migration value) => MigrationRows.ToText(value);

    protected override ValueTask<Migration> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(MigrationRows.FromText(kept));
}
