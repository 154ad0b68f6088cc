using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>A person as stored: hashes to recognise, a wrapped key, sealed contact.</summary>
internal sealed record SubjectRow(SubjectId Id, byte[] ContactHash, byte[] WrappedKey, byte[] Sealed);

/// <summary>The only store of people's data.</summary>
internal static class SubjectRows
{
    private const string Columns = "subject_id, contact_hash, wrapped_key, sealed";

    private static readonly Insert Into = new("subjects",
        "partner_id bytea, customer_id bytea, subject_id bytea, kind text, contact_hash bytea, email_hash bytea, wrapped_key bytea, sealed bytea, created_at_unix_ms bigint");

    /// <summary>All of one kind (<c>signatory</c>, <c>billing</c>) that the partner knows for the customer.</summary>
    public static PlannedRead<SubjectRow> PlanOfCustomer(PartnerId partner, CustomerId customer, string kind) => new(
        $"SELECT {Columns} FROM subjects WHERE partner_id = $1 AND customer_id = $2 AND kind = $3", Map,
        partner.Value, customer.Value, kind);

    public static ValueTask<SubjectRow?> FindAsync(Tx tx, PartnerId partner, CustomerId customer, SubjectId subject) => tx.OneAsync(
        $"SELECT {Columns} FROM subjects WHERE partner_id = $1 AND customer_id = $2 AND subject_id = $3", Map,
        partner.Value, customer.Value, subject.Value);

    public static ValueTask<List<SubjectRow>> OfCustomerAsync(Tx tx, PartnerId partner, CustomerId customer) => tx.ManyAsync(
        $"SELECT {Columns} FROM subjects WHERE partner_id = $1 AND customer_id = $2", Map, partner.Value, customer.Value);

    public static ValueTask AddAsync(
        Tx tx, PartnerId partner, CustomerId customer, string kind, SubjectRow row, byte[] emailHash, DateTimeOffset now) =>
        tx.InsertAsync(Into, partner.Value, customer.Value, row.Id.Value, kind, row.ContactHash, emailHash, row.WrappedKey, row.Sealed,
            now.ToUnixTimeMilliseconds());

    /// <summary>Moves a person from one customer to another, under the kind they have there.</summary>
    public static ValueTask<int> MoveAsync(Tx tx, PartnerId partner, CustomerId from, SubjectId subject, CustomerId to, string kind) => tx.ExecuteAsync(
        "UPDATE subjects SET customer_id = $4, kind = $5 WHERE partner_id = $1 AND customer_id = $2 AND subject_id = $3",
        partner.Value, from.Value, subject.Value, to.Value, kind);

    /// <summary>Removes a person with everything that their key opens, unless a record of the customer names them.</summary>
    public static ValueTask<int> RemoveUnreferencedAsync(Tx tx, PartnerId partner, CustomerId customer, SubjectId subject) => tx.ExecuteAsync("""
        DELETE FROM subjects WHERE partner_id = $1 AND customer_id = $2 AND subject_id = $3 AND NOT EXISTS (
          SELECT 1 FROM agreement_facts f WHERE f.partner_id = $1 AND f.customer_id = $2 AND f.subject_id = $3)
        """, partner.Value, customer.Value, subject.Value);

    private static SubjectRow Map(System.Data.Common.DbDataReader row) =>
        new(new SubjectId(row.Id(0)), row.Bytes(1), row.Bytes(2), row.Bytes(3));
}
