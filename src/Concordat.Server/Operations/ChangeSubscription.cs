using System.Globalization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Changes a subscription to what was sent, which is the whole resource: the difference is the request. Everything is
/// applied or nothing; an echo changes nothing and needs no permission. <paramref name="etag"/> is the version that the
/// caller saw, from If-Match; null when it does not matter.
/// </summary>
internal sealed class ChangeSubscription(
    OperationContext context, PartnerDirectory directory, Actor actor, CustomerId customer, RequestKey? key, Guid subscription, SubscriptionShape sent, string? etag)
    : GatedOperation<SubscriptionRow>(context, actor, customer, key)
{
    private SubscriptionRow? stored;
    private ActionSet actions;

    public override string AuditWord => "update_subscription";

    protected override async ValueTask<Outcome<Intent>> IntentAsync(Tx tx)
    {
        stored = await SubscriptionRows.FindAsync(tx, Actor.Partner.Id, Customer, subscription);
        if (stored is null)
        {
            return Missing;
        }

        if (etag is not null && etag != stored.Etag.ToString(CultureInfo.InvariantCulture))
        {
            return new Problem(ProblemCode.EtagMismatch, "The subscription was changed since it was read. Read it again.", "If-Match");
        }

        // What is stored comes back with every change; only another reseller is looked at.
        if (sent.PartnerId != stored.Subscription.PartnerIdOnRecord
            && PartnersOfRecord.Check(directory, Actor.Partner, sent.PartnerId, "partnerId") is { } unfit)
        {
            return unfit;
        }

        actions = ActionClassifier.OfSubscription(SubscriptionChange.ShapeOf(stored.Subscription), sent);
        return new Intent(actions, Offers.ProductOf(stored.Subscription.Offer));
    }

    protected override async ValueTask<Outcome<SubscriptionRow>> ApplyAsync(Tx tx, EntryId? entry)
    {
        if (actions.IsEmpty)
        {
            return stored!;
        }

        if (!SubscriptionChange.Apply(stored!.Subscription, sent, actions, Now).TryGetValue(out var changed, out var problem))
        {
            return problem;
        }

        await SubscriptionRows.SaveAsync(tx, Actor.Partner.Id, Customer, changed);
        return new SubscriptionRow(Customer, changed, stored.Etag + 1);
    }

    /// <summary>What every operation about an unknown subscription answers.</summary>
    public static Problem Missing => new(ProblemCode.NotFound, "The customer has no subscription with that id.", "subscription");

    protected override string ResourceOf(SubscriptionRow value) => value.Subscription.Id.ToString("D");

    protected override string Remember(SubscriptionRow value) => SubscriptionRows.ToText(value);

    protected override ValueTask<SubscriptionRow> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(SubscriptionRows.FromText(kept));
}
