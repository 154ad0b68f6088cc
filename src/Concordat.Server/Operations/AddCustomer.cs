using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Commerce;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>A customer to be added; everything was checked against the field rules.</summary>
/// <param name="Id">The tenant's id; null for a new one.</param>
/// <param name="Domain">Lower case, unique among all customers.</param>
/// <param name="CompanyName">The tenant's own name; the account carries the bill-to name of the billing profile.</param>
/// <param name="Billing">Who is billed; sealed.</param>
/// <param name="Relationship">The wire's word: <c>reseller</c>, <c>none</c>.</param>
/// <param name="Reseller">The reseller it is created for; null for a direct customer.</param>
/// <param name="Cloud"><c>public</c>, or the national cloud.</param>
internal sealed record NewCustomer(
    CustomerId? Id, string Domain, string CompanyName, BillingProfile? Billing, string Relationship, PartnerId? Reseller, string Cloud = "public");

/// <summary>Adds a customer tenant and the partner's account of it. Refused when the domain is taken.</summary>
internal sealed class AddCustomer(OperationContext context, Actor actor, RequestKey? key, NewCustomer customer)
    : RememberedOperation<CustomerRow>(key, context.Clocks)
{
    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(LockKeys.Of("domain:" + customer.Domain));

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    protected override async ValueTask<Outcome<CustomerRow>> CarryOutAsync(Tx tx)
    {
        if (await CustomerRows.DomainTakenAsync(tx, customer.Domain))
        {
            return new Problem(ProblemCode.AlreadyExists, "The domain belongs to an existing customer. Choose another one.", "companyProfile.domain");
        }

        var now = context.PolicyNow(actor.Partner.Environment);
        var id = customer.Id ?? new CustomerId(context.Ids.NewId());
        await CustomerRows.AddTenantAsync(tx, id, customer.Domain, customer.CompanyName, customer.Cloud, now);
        var row = await CustomerAccounts.AddAsync(tx, context, actor.Partner.Id, id, customer, now);
        var standing = customer.Cloud == "public" ? Standing.None : Standing.None with { Flags = StandingFlags.NationalCloud };
        await AuditRows.AddAsync(tx, Audit.Of(context, actor, id, "add_customer", "succeeded", null, id.ToString()));
        context.Standings.Follow(tx, actor.Partner.Id, id, standing);
        return row;
    }

    protected override string Remember(CustomerRow value) => value.Id.ToString();

    protected override async ValueTask<CustomerRow> ReplayAsync(Tx tx, string kept) =>
        (await CustomerRows.FindEvenRemovedAsync(tx, actor.Partner.Id, new CustomerId(Guid.ParseExact(kept, "D"))))!;
}
