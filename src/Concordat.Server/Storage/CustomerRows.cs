using System.Data.Common;
using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>
/// One customer as one partner sees it, with what belongs to the tenant as such: <c>CompanyName</c> is the bill-to name that
/// the partner may change, <c>TenantName</c> the tenant's own.
/// </summary>
internal sealed record CustomerRow(
    CustomerId Id, bool Active, string CompanyName, string Domain, string Relationship, PartnerId? Reseller, SubjectId? BillingSubject,
    Guid CommerceId, long Etag, DateTimeOffset CreatedAt, string Cloud, string TenantName);

/// <summary>A customer and its sealed billing profile, read at one instant.</summary>
internal sealed record CustomerWithBilling(CustomerRow Customer, SubjectRow? Billing);

/// <summary>Customers and accounts.</summary>
internal static class CustomerRows
{
    /// <summary>What <see cref="Map"/> reads, of <c>customer_accounts a</c> and <c>customers c</c>.</summary>
    internal const string Columns = """
        a.customer_id, a.active, a.company_name, a.domain, a.relationship, a.reseller_id, a.billing_subject_id, a.commerce_id, a.etag,
        a.created_at_unix_ms, c.cloud, c.name
        """;

    // Bounds index keys and page tokens: compatibility forms of one character can have eighteen.
    private const int SearchNameLength = 512;

    private static readonly Insert IntoCustomers = new("customers",
        "customer_id bytea, domain text, name text, cloud text, direct_version bigint, direct_at_unix_ms bigint, created_at_unix_ms bigint");

    private static readonly Insert IntoAccounts = new("customer_accounts",
        "partner_id bytea, customer_id bytea, active bigint, company_name text, search_name text, domain text, relationship text, reseller_id bytea, billing_subject_id bytea, commerce_id bytea, etag bigint, created_at_unix_ms bigint");

    private static readonly Insert IntoResellers = new("customer_resellers", "partner_id bytea, customer_id bytea, reseller_id bytea, search_name text, domain text");

    private const string Find = $"""
        SELECT {Columns} FROM customer_accounts a JOIN customers c ON c.customer_id = a.customer_id
        WHERE a.partner_id = $1 AND a.customer_id = $2
        """;

    public static ValueTask<CustomerRow?> FindAsync(Tx tx, PartnerId partner, CustomerId customer) =>
        tx.OneAsync(Find + " AND a.removed_at_unix_ms IS NULL", Map, partner.Value, customer.Value);

    public static ValueTask<CustomerWithBilling?> FindWithBillingAsync(Tx tx, PartnerId partner, CustomerId customer) => tx.OneAsync($"""
        SELECT {Columns}, s.contact_hash, s.wrapped_key, s.sealed
        FROM customer_accounts a JOIN customers c ON c.customer_id = a.customer_id
        LEFT JOIN subjects s ON s.partner_id = a.partner_id AND s.customer_id = a.customer_id AND s.subject_id = a.billing_subject_id
        WHERE a.partner_id = $1 AND a.customer_id = $2 AND a.removed_at_unix_ms IS NULL
        """, row => new CustomerWithBilling(
            Map(row), row.IsDBNull(12) ? null : new SubjectRow(new SubjectId(row.Id(6)), row.Bytes(12), row.Bytes(13), row.Bytes(14))),
        partner.Value, customer.Value);

    /// <summary>Also an account that was removed since, for answering an old request again.</summary>
    public static ValueTask<CustomerRow?> FindEvenRemovedAsync(Tx tx, PartnerId partner, CustomerId customer) =>
        tx.OneAsync(Find, Map, partner.Value, customer.Value);

    /// <summary>True when a customer tenant, of whichever partner, holds the domain (lower case).</summary>
    public static async ValueTask<bool> DomainTakenAsync(Tx tx, string domain) =>
        await tx.OneAsync("SELECT 1 FROM customers WHERE domain = $1", row => "", domain) is not null;

    /// <summary>True when the tenant is the customer of at least one partner.</summary>
    public static async ValueTask<bool> IsKnownAsync(Tx tx, CustomerId customer) =>
        await tx.OneAsync("SELECT 1 FROM customers WHERE customer_id = $1 AND domain IS NOT NULL", row => "", customer.Value) is not null;

    /// <summary>The tenant's own name; null for an unknown one.</summary>
    public static ValueTask<string?> TenantNameAsync(Tx tx, CustomerId customer) =>
        tx.OneAsync("SELECT name FROM customers WHERE customer_id = $1", row => row.Text(0), customer.Value);

    /// <summary>The customer tenant that holds the domain (lower case), or null.</summary>
    public static async ValueTask<CustomerId?> FindByDomainAsync(Tx tx, string domain) =>
        (await tx.ManyAsync("SELECT customer_id FROM customers WHERE domain = $1", row => new CustomerId(row.Id(0)), domain)) is [var id] ? id : null;

    /// <summary>Adds the tenant.</summary>
    public static ValueTask AddTenantAsync(Tx tx, CustomerId customer, string domain, string name, string cloud, DateTimeOffset now) =>
        tx.InsertAsync(IntoCustomers, customer.Value, domain, name, cloud, 0L, Core.Agreements.Standing.NoDate, now.ToUnixTimeMilliseconds());

    /// <summary>Adds the partner's account of it.</summary>
    public static async ValueTask AddAccountAsync(Tx tx, PartnerId partner, CustomerRow row)
    {
        tx.Touch(partner, row.Id);
        await tx.InsertAsync(IntoAccounts,
            partner.Value, row.Id.Value, row.Active, row.CompanyName, SearchName(row.CompanyName), row.Domain, row.Relationship,
            row.Reseller?.Value, row.BillingSubject?.Value, row.CommerceId, row.Etag, row.CreatedAt.ToUnixTimeMilliseconds());
        if (row.Reseller is { } reseller)
        {
            await tx.InsertAsync(IntoResellers, partner.Value, row.Id.Value, reseller.Value, SearchName(row.CompanyName), row.Domain);
        }
    }

    /// <summary>Every reseller of the provider's customer.</summary>
    public static ValueTask<List<PartnerId>> ResellersOfAsync(Tx tx, PartnerId partner, CustomerId customer) => tx.ManyAsync(
        "SELECT reseller_id FROM customer_resellers WHERE partner_id = $1 AND customer_id = $2 ORDER BY reseller_id",
        row => new PartnerId(row.Id(0)), partner.Value, customer.Value);

    /// <summary>Points the account at another billing subject, under the bill-to name that goes with it.</summary>
    public static async ValueTask ChangeBillingAsync(
        Tx tx, PartnerId partner, CustomerId customer, SubjectId subject, string companyName, long etag)
    {
        var searchName = SearchName(companyName);
        await tx.ExecuteAsync("""
            UPDATE customer_accounts SET billing_subject_id = $3, company_name = $4, search_name = $5, etag = $6
            WHERE partner_id = $1 AND customer_id = $2
            """, partner.Value, customer.Value, subject.Value, companyName, searchName, etag);
        await tx.ExecuteAsync("UPDATE customer_resellers SET search_name = $3 WHERE partner_id = $1 AND customer_id = $2", partner.Value, customer.Value, searchName);
    }

    /// <summary>Closes the account for ever, and frees the domain when no other partner has one.</summary>
    public static async ValueTask RemoveAsync(Tx tx, PartnerId partner, CustomerId customer, DateTimeOffset now)
    {
        tx.Touch(partner, customer);
        await tx.ExecuteAsync("""
            UPDATE customer_accounts SET active = 0, billing_subject_id = NULL, removed_at_unix_ms = $3
            WHERE partner_id = $1 AND customer_id = $2
            """, partner.Value, customer.Value, now.ToUnixTimeMilliseconds());
        await tx.ExecuteAsync("""
            UPDATE customers SET domain = NULL WHERE customer_id = $1 AND NOT EXISTS (
              SELECT 1 FROM customer_accounts a WHERE a.customer_id = $1 AND a.removed_at_unix_ms IS NULL)
            """, customer.Value);
    }

    /// <summary>The partners that have an account of the customer.</summary>
    public static ValueTask<List<PartnerId>> PartnersOfAsync(Tx tx, CustomerId customer) => tx.ManyAsync(
        "SELECT partner_id FROM customer_accounts WHERE customer_id = $1 AND removed_at_unix_ms IS NULL",
        row => new PartnerId(row.Id(0)), customer.Value);

    /// <summary>What a company is sorted and searched by: upper case, so that case never matters.</summary>
    public static string SearchName(string companyName)
    {
        var name = companyName.Normalize(System.Text.NormalizationForm.FormKC).ToUpperInvariant();
        return name.Length <= SearchNameLength ? name
            : name[..(char.IsHighSurrogate(name[SearchNameLength - 1]) ? SearchNameLength - 1 : SearchNameLength)];
    }

    internal static CustomerRow Map(DbDataReader row) => new(
        new CustomerId(row.Id(0)), row.Flag(1), row.Text(2), row.Text(3), row.Text(4),
        row.IdOrNull(5) is { } reseller ? new PartnerId(reseller) : null,
        row.IdOrNull(6) is { } subject ? new SubjectId(subject) : null,
        row.Id(7), row.Long(8), DateTimeOffset.FromUnixTimeMilliseconds(row.Long(9)), row.Text(10), row.Text(11));
}
