using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>
/// A ledger entry about one customer. <paramref name="Index"/> is null while it is no leaf; <paramref name="Subject"/> is whose key
/// closes <paramref name="Sealed"/>, and <paramref name="Open"/> are disclosures that name no person.
/// </summary>
internal sealed record StoredRecord(EntryId Id, byte[] Entry, long? Index, SubjectId? Subject, byte[]? Sealed, string? Open);

/// <summary>The entries about a customer, as one partner may see them: its own, and what the customer did itself.</summary>
internal static class RecordRows
{
    private const string Columns = "SELECT e.entry_id, e.entry, l.leaf_index, d.subject_id, d.sealed, a.disclosures";

    private const string Tables = """
        FROM ledger_entries e
        LEFT JOIN ledger_leaves l ON l.entry_id = e.entry_id
        LEFT JOIN disclosures d ON d.partner_id = $1 AND d.entry_id = e.entry_id AND d.customer_id = $2
        LEFT JOIN direct_acceptances a ON a.customer_id = $2 AND a.entry_id = e.entry_id
        """;

    private const string OfCustomer = """
        SELECT entry_id FROM agreement_facts WHERE partner_id = $1 AND customer_id = $2
        UNION SELECT entry_id FROM disclosures WHERE partner_id = $1 AND customer_id = $2
        UNION SELECT entry_id FROM direct_acceptances WHERE customer_id = $2
        """;

    /// <summary>All of them, oldest first.</summary>
    public static ValueTask<List<StoredRecord>> OfAsync(Tx tx, PartnerId partner, CustomerId customer) => tx.ManyAsync(
        $"{Columns} {Tables} WHERE e.entry_id IN ({OfCustomer}) ORDER BY e.seq", Map, partner.Value, customer.Value);

    /// <summary>One of them.</summary>
    public static ValueTask<StoredRecord?> FindAsync(Tx tx, PartnerId partner, CustomerId customer, Guid entry) => tx.OneAsync(
        $"{Columns} {Tables} WHERE e.entry_id = $3 AND e.entry_id IN ({OfCustomer})", Map, partner.Value, customer.Value, entry);

    private static StoredRecord Map(System.Data.Common.DbDataReader row) => new(
        new EntryId(row.Id(0)), row.Bytes(1), row.LongOrNull(2), row.IdOrNull(3) is { } subject ? new SubjectId(subject) : null,
        row.IsDBNull(4) ? null : row.Bytes(4), row.TextOrNull(5));
}
