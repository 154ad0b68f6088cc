using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Commerce;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>A customer to be added; everything was checked against the field rules.</summary>
/// <param name="Id">The tenant's id; null for a new one.</param>
/// <param name="Domain">Lower case, unique among all customers.</param>
/// <param name="CompanyName">The company.</param>
/// <param name="Billing">Who is billed; sealed.</param>
/// <param name="Relationship">The wire's word: <c>reseller</c>, <c>none</c>.</param>
/// <param name="Reseller">The reseller it is created for; null for a direct customer.</param>
/// <param name="Cloud"><c>public</c>, or the national cloud.</param>
internal sealed record NewCustomer(
    CustomerId? Id, string Domain, string CompanyName, BillingProfile? Billing, string Relationship, PartnerId? Reseller, string Cloud = "public");

/// <summary>How a billing profile is written inside its seal.</summary>
[JsonSerializable(typeof(BillingProfile))]
internal sealed partial class BillingJson : JsonSerializerContext;

/// <summary>Adds a customer tenant and the partner's account of it. Refused when the domain is taken.</summary>
internal sealed class AddCustomer(OperationContext context, Actor actor, RequestKey? key, NewCustomer customer)
    : RememberedOperation<CustomerRow>(key, context.Clocks)
{
    public const string BillingKind = "billing";

    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(LockKeys.Of("domain:" + customer.Domain));

    protected override async ValueTask<Outcome<CustomerRow>> CarryOutAsync(Tx tx)
    {
        if (await CustomerRows.DomainTakenAsync(tx, customer.Domain))
        {
            return new Problem(ProblemCode.AlreadyExists, "The domain belongs to an existing customer. Choose another one.", "companyProfile.domain");
        }

        var now = context.PolicyNow(actor.Partner.Environment);
        var id = customer.Id ?? new CustomerId(context.Ids.NewId());
        await CustomerRows.AddTenantAsync(tx, id, customer.Domain, customer.Cloud, now);
        var row = await CustomerAccounts.AddAsync(tx, context, actor.Partner.Id, id, customer, now);
        var standing = customer.Cloud == "public" ? Standing.None : Standing.None with { Flags = StandingFlags.NationalCloud };
        tx.AfterCommit(() => context.Standings.Set(actor.Partner.Id, id, standing));
        return row;
    }

    protected override string Remember(CustomerRow value) => value.Id.ToString();

    protected override async ValueTask<CustomerRow> ReplayAsync(Tx tx, string kept) =>
        (await CustomerRows.FindAsync(tx, actor.Partner.Id, new CustomerId(Guid.ParseExact(kept, "D"))))!;
}

/// <summary>Accounts of customers with partners.</summary>
internal static class CustomerAccounts
{
    /// <summary>Adds the account and seals the billing profile.</summary>
    public static async ValueTask<CustomerRow> AddAsync(
        Tx tx, OperationContext context, PartnerId partner, CustomerId id, NewCustomer customer, DateTimeOffset now)
    {
        SubjectId? billing = null;
        if (customer.Billing is { } profile)
        {
            var (key, wrapped) = context.Vault.NewKey(partner);
            var plain = JsonSerializer.SerializeToUtf8Bytes(profile, BillingJson.Default.BillingProfile);
            var subject = new SubjectRow(new SubjectId(context.Ids.NewId()), context.Vault.Recognise(partner, plain), wrapped, context.Vault.Seal(key, plain));
            var email = Encoding.UTF8.GetBytes((profile.Email ?? "").ToUpperInvariant());
            await SubjectRows.AddAsync(tx, partner, id, AddCustomer.BillingKind, subject, context.Vault.Recognise(partner, email), now);
            billing = subject.Id;
        }

        var row = new CustomerRow(
            id, Active: true, customer.CompanyName, customer.Domain, customer.Relationship, customer.Reseller, billing, context.Ids.NewId(), 1, now,
            customer.Cloud);
        await CustomerRows.AddAccountAsync(tx, partner, row);
        return row;
    }
}
