using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// A line as asked for; words in the stored spelling. An add-on names a subscription that exists, or the line
/// (<paramref name="ParentLine"/>, a line item number) that makes its parent.
/// </summary>
internal sealed record OrderedLine(
    int LineItemNumber, string Offer, int Quantity, string? FriendlyName, string? TermDuration, string? PartnerIdOnRecord,
    Guid? ParentSubscriptionId = null, int? ParentLine = null);

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

    protected override async ValueTask<Outcome<Intent>> IntentAsync(Tx tx) =>
        await Provisioning.CheckParentsAsync(tx, Actor.Partner.Id, Customer, lines) is { } missing
            ? missing
            : new Intent(Purchase, Provisioning.ProductOf(lines));

    protected override async ValueTask<Outcome<Order>> ApplyAsync(Tx tx, EntryId? entry)
    {
        var provisioned = Provisioning.Provision(Context.Ids, Customer, lines, billingCycle, currency, Now);
        await provisioned.AddAsync(tx, Actor.Partner.Id, entry);
        return provisioned.Order;
    }

    protected override string ResourceOf(Order value) => value.Id.ToString("D");

    protected override string Remember(Order value) => OrderRows.ToText(value);

    protected override ValueTask<Order> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(OrderRows.FromText(kept));
}
