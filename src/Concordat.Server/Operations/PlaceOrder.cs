using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>A line as asked for; words in the stored spelling.</summary>
internal sealed record OrderedLine(
    int LineItemNumber, string Offer, int Quantity, string? FriendlyName, string? TermDuration, string? PartnerIdOnRecord);

/// <summary>
/// Places an order: every line becomes a subscription at once. Refused by the gate, or when the customer is not the
/// partner's. Durable when it answers; repeated with the same request id it answers the same order.
/// </summary>
internal sealed class PlaceOrder(
    OperationContext context, Actor actor, CustomerId customer, RequestKey? key, string billingCycle, string currency, IReadOnlyList<OrderedLine> lines)
    : GatedOperation<Order>(context, actor, customer, key)
{
    private static readonly ActionSet Purchase = ActionSet.Of(ActionClass.NewPurchase);

    public override string AuditWord => "create_order";

    protected override ValueTask<Outcome<Intent>> IntentAsync(Tx tx)
    {
        var products = lines.Select(line => Offers.ProductOf(line.Offer)).Distinct().ToArray();
        return ValueTask.FromResult<Outcome<Intent>>(new Intent(Purchase, products.Length == 1 ? products[0] : null));
    }

    protected override async ValueTask<Outcome<Order>> ApplyAsync(Tx tx, EntryId? entry)
    {
        var orderId = Context.Ids.NewId();
        var made = lines.Select(line => Provisioning.Subscribe(Context.Ids.NewId(), orderId, line, billingCycle, Now)).ToArray();
        var order = new Order(orderId, Customer, billingCycle, currency,
            [.. lines.Zip(made, Provisioning.LineOf)], Now);
        await OrderRows.AddAsync(tx, Actor.Partner.Id, order, entry);
        foreach (var subscription in made)
        {
            await SubscriptionRows.AddAsync(tx, Actor.Partner.Id, Customer, subscription);
        }

        return order;
    }

    protected override string ResourceOf(Order value) => value.Id.ToString("D");

    protected override string Remember(Order value) => OrderRows.ToText(value);

    protected override ValueTask<Order> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(OrderRows.FromText(kept));
}

/// <summary>What an order line turns into.</summary>
internal static class Provisioning
{
    public static Subscription Subscribe(Guid id, Guid order, OrderedLine line, string billingCycle, DateTimeOffset now, Guid? parent = null)
    {
        var name = Offers.NameOf(line.Offer);
        return new Subscription(
            id, order, line.Offer, name, line.FriendlyName ?? name, line.Quantity, "active", AutoRenewEnabled: true, IsTrial: false,
            billingCycle, line.TermDuration, now, now, Terms.End(line.TermDuration, now), line.PartnerIdOnRecord, parent, null,
            [new SeatIncrease(line.Quantity, now + Terms.RefundWindow)]);
    }

    public static OrderLine LineOf(OrderedLine line, Subscription made) => new(
        line.LineItemNumber, line.Offer, line.Quantity, made.FriendlyName, line.TermDuration, made.Id, made.ParentId, line.PartnerIdOnRecord);
}
