using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Changes an order: further lines (add-ons name their parent), seats of known lines, the billing cycle of all. Lines that
/// are not sent stay. The lines' subscriptions follow. <paramref name="billingCycle"/> is null when not sent.
/// </summary>
internal sealed class ChangeOrder(
    OperationContext context, PartnerDirectory directory, Actor actor, CustomerId customer, RequestKey? key, Guid orderId, string? billingCycle, IReadOnlyList<OrderedLine> lines)
    : GatedOperation<Order>(context, actor, customer, key)
{
    private Order? stored;
    private ActionSet actions;

    public override string AuditWord => "update_order";

    protected override async ValueTask<Outcome<Intent>> IntentAsync(Tx tx)
    {
        stored = await OrderRows.FindAsync(tx, Actor.Partner.Id, Customer, orderId);
        if (stored is null)
        {
            return new Problem(ProblemCode.NotFound, "There is no such order.", "order");
        }

        if (await Provisioning.CheckParentsAsync(tx, Actor.Partner.Id, Customer, lines) is { } missing)
        {
            return missing;
        }

        foreach (var line in lines.Where(line => Find(line) is null))
        {
            if (PartnersOfRecord.Check(directory, Actor.Partner, line.PartnerIdOnRecord, "lineItems.partnerIdOnRecord") is { } unfit)
            {
                return unfit;
            }
        }

        var kept = stored.Lines.Select(line => new OrderLineShape(line.LineItemNumber, line.Offer, line.Quantity, line.ParentSubscriptionId?.ToString("D")));
        var asked = lines.Select(line => new OrderLineShape(line.LineItemNumber, line.Offer, line.Quantity, line.ParentSubscriptionId?.ToString("D")));
        actions = ActionClassifier.OfOrder(new OrderShape(stored.BillingCycle, [.. kept]), new OrderShape(billingCycle, [.. asked]));
        return new Intent(actions, Provisioning.ProductOf(lines));
    }

    protected override async ValueTask<Outcome<Order>> ApplyAsync(Tx tx, EntryId? entry)
    {
        if (actions.IsEmpty)
        {
            return stored!;
        }

        var cycle = billingCycle ?? stored!.BillingCycle;
        var kept = stored!.Lines.ToList();
        var saved = new List<Subscription>();
        foreach (var line in kept.ToArray())
        {
            var changed = await FollowAsync(tx, line, cycle);
            if (changed.Problem is { } problem)
            {
                return problem;
            }

            var (before, after) = changed.Value;
            if (after != before)
            {
                saved.Add(after);
                kept[kept.IndexOf(line)] = line with { Quantity = after.Quantity };
            }
        }

        foreach (var subscription in saved)
        {
            await SubscriptionRows.SaveAsync(tx, Actor.Partner.Id, Customer, subscription);
        }

        foreach (var line in lines.Where(line => Find(line) is null))
        {
            var made = Provisioning.Subscribe(Context.Ids.NewId(), orderId, line, cycle, Now);
            await SubscriptionRows.AddAsync(tx, Actor.Partner.Id, Customer, made);
            kept.Add(Provisioning.LineOf(line with { LineItemNumber = kept.Max(known => known.LineItemNumber) + 1 }, made));
        }

        var order = stored with { BillingCycle = cycle, Lines = kept };
        await OrderRows.SaveAsync(tx, Actor.Partner.Id, order);
        return order;
    }

    /// <summary>The line's subscription with the seats and the billing cycle that the order now has.</summary>
    private async ValueTask<Outcome<(Subscription Before, Subscription After)>> FollowAsync(Tx tx, OrderLine line, string cycle)
    {
        var row = (await SubscriptionRows.FindAsync(tx, Actor.Partner.Id, Customer, line.SubscriptionId))!;
        var subscription = row.Subscription;
        var asked = lines.FirstOrDefault(sent => IsSame(line, sent));
        var quantity = asked is null || asked.Quantity == line.Quantity ? subscription.Quantity : asked.Quantity;
        if (quantity != subscription.Quantity && subscription.Status is not ("active" or "suspended"))
        {
            return new Problem(ProblemCode.StateConflict, "The line's subscription has ended. Order it anew.", "lineItems");
        }

        return Seats.Set(subscription, quantity, Now).TryGetValue(out var changed, out var problem)
            ? (subscription, cycle == stored!.BillingCycle ? changed : changed with { BillingCycle = cycle })
            : problem;
    }

    private OrderLine? Find(OrderedLine sent) => stored!.Lines.FirstOrDefault(line => IsSame(line, sent));

    private static bool IsSame(OrderLine line, OrderedLine sent) =>
        line.LineItemNumber == sent.LineItemNumber && line.Offer == sent.Offer && line.ParentSubscriptionId == sent.ParentSubscriptionId;

    protected override string ResourceOf(Order value) => value.Id.ToString("D");

    protected override string Remember(Order value) => OrderRows.ToText(value);

    protected override ValueTask<Order> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(OrderRows.FromText(kept));
}
