using System.Globalization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Replaces a customer's billing profile and answers its new version. The profile before it is removed with its key. A
/// new bill-to name changes this account and what is recorded from now on; entries written so far keep the name they have.
/// <paramref name="expected"/> is the version that the caller read, null for any.
/// </summary>
internal sealed class ChangeBillingProfile(
    OperationContext context, Actor actor, CustomerId customer, RequestKey? key, BillingProfile profile, long? expected)
    : RememberedOperation<long>(key, context.Clocks)
{
    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(LockKeys.Of(actor.Partner.Id, customer));

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    protected override async ValueTask<Outcome<long>> CarryOutAsync(Tx tx)
    {
        var partner = actor.Partner.Id;
        var found = await CustomerRows.FindWithBillingAsync(tx, partner, customer);
        if (Relationship.Check(found?.Customer) is { } absent)
        {
            return absent;
        }

        var row = found!.Customer;
        if (expected is { } version && version != row.Etag)
        {
            return new Problem(ProblemCode.EtagMismatch, "The profile was changed since it was read. Read it again and repeat the change.", "If-Match");
        }

        var before = CustomerAccounts.OpenBilling(context.Vault, partner, found.Billing);
        var changed = profile with { RegistrationNumber = before?.RegistrationNumber };
        var now = context.PolicyNow(actor.Partner.Environment);
        var subject = await CustomerAccounts.SealAsync(tx, context, partner, customer, changed, now);
        await CustomerRows.ChangeBillingAsync(tx, partner, customer, subject, profile.CompanyName, row.Etag + 1);
        if (row.BillingSubject is { } old)
        {
            await SubjectRows.RemoveUnreferencedAsync(tx, partner, customer, old);
        }

        await AuditRows.AddAsync(tx, Audit.Of(
            context, actor, customer, "update_customer_billing_profile", "succeeded", null, customer.ToString()));
        return row.Etag + 1;
    }

    protected override string Remember(long value) => value.ToString(CultureInfo.InvariantCulture);

    protected override ValueTask<long> ReplayAsync(Tx tx, string kept) =>
        ValueTask.FromResult(long.Parse(kept, CultureInfo.InvariantCulture));
}
