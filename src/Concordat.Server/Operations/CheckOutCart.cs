using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Turns a cart into orders, one per order group. A cart that was checked out before answers what it answered then,
/// whatever the request id and without asking the gate again.
/// </summary>
internal sealed class CheckOutCart(OperationContext context, Actor actor, CustomerId customer, RequestKey? key, Guid cartId)
    : GatedOperation<CheckedOut>(context, actor, customer, key)
{
    private static readonly ActionSet Purchase = ActionSet.Of(ActionClass.NewPurchase);

    private CartRow? found;

    public override string AuditWord => "create_order";

    protected override async ValueTask<Outcome<Intent>> IntentAsync(Tx tx)
    {
        found = await CartRows.FindAsync(tx, Actor.Partner.Id, Customer, cartId);
        if (found is null)
        {
            return new Problem(ProblemCode.NotFound, "There is no such cart.", "cart");
        }

        return found.Result is null
            ? new Intent(Purchase, Provisioning.ProductOf(found.Cart.Lines.Select(LineOf)))
            : new Intent(ActionSet.Empty, null);
    }

    protected override async ValueTask<Outcome<CheckedOut>> ApplyAsync(Tx tx, EntryId? entry)
    {
        var (cart, before) = found!;
        if (before is not null)
        {
            return before;
        }

        if ((cart.ClosedAt(Now) ?? cart.FaultyLine()) is { } problem)
        {
            return problem;
        }

        var orders = new List<Order>();
        foreach (var group in cart.OrderGroups())
        {
            var first = group.First();
            var provisioned = Provisioning.Provision(
                Context.Ids, Customer, [.. group.Select(LineOf)], first.BillingCycle, first.CurrencyCode, Now);
            await provisioned.AddAsync(tx, Actor.Partner.Id, entry);
            orders.Add(provisioned.Order);
        }

        var result = new CheckedOut(cart.Id, orders);
        await CartRows.CloseAsync(tx, Actor.Partner.Id, cart with { Status = "ordered", ModifiedAt = Now }, result);
        return result;
    }

    protected override string ResourceOf(CheckedOut value) => value.Cart.ToString("D");

    protected override string Remember(CheckedOut value) => CartRows.ToText(value);

    protected override ValueTask<CheckedOut> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(CartRows.ResultFromText(kept));

    private static OrderedLine LineOf(CartLine line) => new(
        line.Id, line.CatalogItem, line.Quantity, line.FriendlyName, line.TermDuration, line.PartnerIdOnRecord, ParentLine: line.ParentLine);
}
