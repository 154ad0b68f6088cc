using System.Globalization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Moves seats of a subscription to another item: the legacy upgrade and the new-commerce transition, which alone is
/// listed in the subscription's history. Without <paramref name="into"/> a new subscription is made.
/// </summary>
internal sealed class MoveSubscription(
    OperationContext context, Actor actor, CustomerId customer, RequestKey? key, Guid subscription, MoveRequest request, Guid? into,
    bool movesLicenses, bool keepHistory)
    : GatedOperation<Transition>(context, actor, customer, key)
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

    protected override async ValueTask<Outcome<Transition>> ApplyAsync(Tx tx, EntryId? entry)
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

        var transition = new Transition(
            Context.Ids.NewId(), source!.Id, source.Offer, moved.Target.Id, moved.Target.Offer, request.Quantity ?? source.Quantity,
            moved.Target.TermDuration, moved.Target.BillingCycle, movesLicenses, Now);
        if (keepHistory)
        {
            await TransitionRows.AddAsync(tx, partner, Customer, transition);
        }

        return transition;
    }

    protected override string ResourceOf(Transition value) => value.Target.ToString("D");

    protected override string Remember(Transition value) => TransitionRows.ToText(value);

    protected override async ValueTask<Transition> ReplayAsync(Tx tx, string kept) =>
        kept.StartsWith('{') ? TransitionRows.FromText(kept) : await EarlierAsync(tx, kept.Split(' '));

    /// <summary>Before there was a history, only source, target and time were remembered.</summary>
    private async ValueTask<Transition> EarlierAsync(Tx tx, string[] kept)
    {
        var (from, to) = (Guid.ParseExact(kept[0], "D"), Guid.ParseExact(kept[1], "D"));
        var now = (await SubscriptionRows.FindAsync(tx, Actor.Partner.Id, Customer, to))!.Subscription;
        var was = (await SubscriptionRows.FindAsync(tx, Actor.Partner.Id, Customer, from))!.Subscription;
        return new Transition(
            to, from, was.Offer, to, request.Offer, request.Quantity ?? now.Quantity, now.TermDuration, now.BillingCycle, movesLicenses,
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(kept[2], CultureInfo.InvariantCulture)));
    }
}
