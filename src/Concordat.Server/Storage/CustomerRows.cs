using System.Data.Common;
using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>One customer as one partner sees it, with what belongs to the tenant as such.</summary>
internal sealed record CustomerRow(
    CustomerId Id, bool Active, string CompanyName, string Domain, string Relationship, PartnerId? Reseller, SubjectId? BillingSubject,
    Guid CommerceId, long Etag, DateTimeOffset CreatedAt, string Cloud);

/// <summary>Where a page of customers ends: the next one starts behind it.</summary>
internal readonly record struct CustomerSeek(string SearchName, Guid Id);

/// <summary>Customers and accounts.</summary>
internal static class CustomerRows
{
    private const string Columns = """
        a.customer_id, a.active, a.company_name, a.domain, a.relationship, a.reseller_id, a.billing_subject_id, a.commerce_id, a.etag,
        a.created_at_unix_ms, c.cloud
        """;

    private static readonly Insert IntoCustomers = new("customers",
        "customer_id bytea, domain text, cloud text, direct_version bigint, direct_at_unix_ms bigint, created_at_unix_ms bigint");

    private static readonly Insert IntoAccounts = new("customer_accounts",
        "partner_id bytea, customer_id bytea, active bigint, company_name text, search_name text, domain text, relationship text, reseller_id bytea, billing_subject_id bytea, commerce_id bytea, etag bigint, created_at_unix_ms bigint");

    public static ValueTask<CustomerRow?> FindAsync(Tx tx, PartnerId partner, CustomerId customer) => tx.OneAsync($"""
        SELECT {Columns} FROM customer_accounts a JOIN customers c ON c.customer_id = a.customer_id
        WHERE a.partner_id = $1 AND a.customer_id = $2
        """, Map, partner.Value, customer.Value);

    /// <summary>True when a customer tenant, of whichever partner, holds the domain (lower case).</summary>
    public static async ValueTask<bool> DomainTakenAsync(Tx tx, string domain) =>
        await tx.OneAsync("SELECT 1 FROM customers WHERE domain = $1", row => "", domain) is not null;

    /// <summary>Adds the tenant.</summary>
    public static ValueTask AddTenantAsync(Tx tx, CustomerId customer, string domain, string cloud, DateTimeOffset now) =>
        tx.InsertAsync(IntoCustomers, customer.Value, domain, cloud, 0L, Core.Agreements.Standing.NoDate, now.ToUnixTimeMilliseconds());

    /// <summary>Adds the partner's account of it.</summary>
    public static ValueTask AddAccountAsync(Tx tx, PartnerId partner, CustomerRow row) => tx.InsertAsync(IntoAccounts,
        partner.Value, row.Id.Value, row.Active, row.CompanyName, SearchName(row.CompanyName), row.Domain, row.Relationship,
        row.Reseller?.Value, row.BillingSubject?.Value, row.CommerceId, row.Etag, row.CreatedAt.ToUnixTimeMilliseconds());

    /// <summary>The partners that have an account of the customer.</summary>
    public static ValueTask<List<PartnerId>> PartnersOfAsync(Tx tx, CustomerId customer) => tx.ManyAsync(
        "SELECT partner_id FROM customer_accounts WHERE customer_id = $1", row => new PartnerId(row.Id(0)), customer.Value);

    /// <summary>What a company is sorted and searched by: upper case, so that case never matters.</summary>
    public static string SearchName(string companyName) => companyName.Normalize(System.Text.NormalizationForm.FormKC).ToUpperInvariant();

    private static CustomerRow Map(DbDataReader row) => new(
        new CustomerId(row.Id(0)), row.Flag(1), row.Text(2), row.Text(3), row.Text(4),
        row.IdOrNull(5) is { } reseller ? new PartnerId(reseller) : null,
        row.IdOrNull(6) is { } subject ? new SubjectId(subject) : null,
        row.Id(7), row.Long(8), DateTimeOffset.FromUnixTimeMilliseconds(row.Long(9)), row.Text(10));
}
