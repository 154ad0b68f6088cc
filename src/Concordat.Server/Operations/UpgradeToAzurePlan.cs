using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Gives a customer the Azure plan, as the product upgrade of a legacy Azure subscription does; answers the order, which is
/// what the upgrade is known by. Refused by the gate, and when the customer has the plan already.
/// </summary>
internal sealed class UpgradeToAzurePlan(OperationContext context, Actor actor, CustomerId customer, RequestKey? key)
    : GatedOperation<Order>(context, actor, customer, key)
{
    private static readonly ActionSet Upgrade = ActionSet.Of(ActionClass.Upgrade);

    private Subscription? plan;

    public override string AuditWord => "upgrade_product";

    /// <summary>The running Azure plan among a customer's subscriptions; null when there is none.</summary>
    public static Subscription? PlanOf(IEnumerable<SubscriptionRow> subscriptions) => subscriptions.Select(row => row.Subscription).FirstOrDefault(
        subscription => subscription.Status is "active" or "suspended" && Offers.ProductOf(subscription.Offer) == Offers.ProductOf(Offers.AzurePlan));

    protected override async ValueTask<Outcome<Intent>> IntentAsync(Tx tx)
    {
        plan = PlanOf(await SubscriptionRows.OfCustomerAsync(tx, Actor.Partner.Id, Customer));
        return new Intent(Upgrade, Offers.ProductOf(Offers.AzurePlan));
    }

    protected override async ValueTask<Outcome<Order>> ApplyAsync(Tx tx, EntryId? entry)
    {
        if (plan is not null)
        {
            return new Problem(ProblemCode.StateConflict, "The customer has an Azure plan already.", "customerId");
        }

        var line = new OrderedLine(0, Offers.AzurePlan, 1, null, null, null);
        var provisioned = Provisioning.Provision(Context.Ids, Customer, [line], "monthly", "USD", Now);
        await provisioned.AddAsync(tx, Actor.Partner.Id, entry);
        return provisioned.Order;
    }

    protected override string ResourceOf(Order value) => value.Id.ToString("D");

    protected override string Remember(Order value) => OrderRows.ToText(value);

    protected override ValueTask<Order> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(OrderRows.FromText(kept));
}
