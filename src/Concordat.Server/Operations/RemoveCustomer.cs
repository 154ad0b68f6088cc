using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Removes a customer from a partner of the integration sandbox: nobody finds the account any more, its domain is free
/// again, its billing profile is gone. What was agreed stays, in facts and ledger. A production account is refused.
/// </summary>
internal sealed class RemoveCustomer(OperationContext context, Actor actor, CustomerId customer, RequestKey? key)
    : RememberedOperation<bool>(key, context.Clocks)
{
    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(LockKeys.Of(actor.Partner.Id, customer));

    /// <summary>Whether the domain becomes free depends on the accounts of all partners.</summary>
    public override PartnerScope Scope => PartnerScope.Everything;

    protected override async ValueTask<Outcome<bool>> CarryOutAsync(Tx tx)
    {
        var partner = actor.Partner.Id;
        if (actor.Partner.Environment != PartnerEnvironment.Sandbox)
        {
            return new Problem(ProblemCode.SandboxOnly, "Only accounts of the integration sandbox can remove a customer.");
        }

        var row = await CustomerRows.FindAsync(tx, partner, customer);
        if (Relationship.Check(row) is { } absent)
        {
            return absent;
        }

        await CustomerRows.RemoveAsync(tx, partner, customer, context.PolicyNow(actor.Partner.Environment));
        await SubscriptionRows.StopRenewalsAsync(tx, partner, customer);
        if (row!.BillingSubject is { } billing)
        {
            await SubjectRows.RemoveUnreferencedAsync(tx, partner, customer, billing);
        }

        await AuditRows.AddAsync(tx, Audit.Of(
            context, actor, customer, "remove_partner_customer_relationship", "succeeded", null, customer.ToString()));
        context.Standings.FollowRemoval(tx, partner, customer);
        return true;
    }

    protected override string Remember(bool value) => "";

    protected override ValueTask<bool> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(true);
}
