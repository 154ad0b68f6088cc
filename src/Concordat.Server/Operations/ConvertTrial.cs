using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Turns a trial into its paid form; the subscription keeps its id.</summary>
internal sealed class ConvertTrial(
    OperationContext context, Actor actor, CustomerId customer, RequestKey? key, Guid subscription, MoveRequest request)
    : GatedOperation<SubscriptionRow>(context, actor, customer, key)
{
    private static readonly ActionSet Conversion = ActionSet.Of(ActionClass.TrialConversion);

    private SubscriptionRow? stored;

    public override string AuditWord => "convert_trial_subscription";

    protected override async ValueTask<Outcome<Intent>> IntentAsync(Tx tx)
    {
        stored = await SubscriptionRows.FindAsync(tx, Actor.Partner.Id, Customer, subscription);
        return stored is null ? ChangeSubscription.Missing : new Intent(Conversion, Offers.ProductOf(request.Offer));
    }

    protected override async ValueTask<Outcome<SubscriptionRow>> ApplyAsync(Tx tx, EntryId? entry)
    {
        if (!Moves.Convert(stored!.Subscription, request, Now).TryGetValue(out var paid, out var problem))
        {
            return problem;
        }

        await SubscriptionRows.SaveAsync(tx, Actor.Partner.Id, Customer, paid);
        return new SubscriptionRow(Customer, paid, stored.Etag + 1);
    }

    protected override string ResourceOf(SubscriptionRow value) => value.Subscription.Id.ToString("D");

    protected override string Remember(SubscriptionRow value) => SubscriptionRows.ToText(value);

    protected override ValueTask<SubscriptionRow> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(SubscriptionRows.FromText(kept));
}
