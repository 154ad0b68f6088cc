using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>How a billing profile is written inside its seal.</summary>
[JsonSerializable(typeof(BillingProfile))]
internal sealed partial class BillingJson : JsonSerializerContext;

/// <summary>Accounts of customers with partners, and the sealed billing profile that each has.</summary>
internal static class CustomerAccounts
{
    private const string BillingKind = "billing";

    /// <summary>Adds the account and seals the billing profile.</summary>
    public static async ValueTask<CustomerRow> AddAsync(
        Tx tx, OperationContext context, PartnerId partner, CustomerId id, NewCustomer customer, DateTimeOffset now)
    {
        SubjectId? billing = customer.Billing is { } profile ? await SealAsync(tx, context, partner, id, profile, now) : null;
        var row = new CustomerRow(
            id, Active: true, customer.Billing?.CompanyName ?? customer.CompanyName, customer.Domain, customer.Relationship, customer.Reseller,
            billing, context.Ids.NewId(), 1, now, customer.Cloud, customer.CompanyName);
        await CustomerRows.AddAccountAsync(tx, partner, row);
        return row;
    }

    /// <summary>Adds the profile as a new subject: a changed profile never shares a key with the one before.</summary>
    public static async ValueTask<SubjectId> SealAsync(
        Tx tx, OperationContext context, PartnerId partner, CustomerId customer, BillingProfile profile, DateTimeOffset now)
    {
        var (key, wrapped) = context.Vault.NewKey(partner);
        var plain = JsonSerializer.SerializeToUtf8Bytes(profile, BillingJson.Default.BillingProfile);
        var subject = new SubjectRow(new SubjectId(context.Ids.NewId()), context.Vault.Recognise(partner, plain), wrapped, context.Vault.Seal(key, plain));
        var email = Encoding.UTF8.GetBytes((profile.Email ?? "").ToUpperInvariant());
        await SubjectRows.AddAsync(tx, partner, customer, BillingKind, subject, context.Vault.Recognise(partner, email), now);
        return subject.Id;
    }

    /// <summary>Opens a sealed billing profile; null for none.</summary>
    public static BillingProfile? OpenBilling(SubjectVault vault, PartnerId partner, SubjectRow? row) => row is null ? null
        : JsonSerializer.Deserialize(SubjectVault.Open(vault.Unwrap(partner, row.WrappedKey), row.Sealed), BillingJson.Default.BillingProfile);
}
