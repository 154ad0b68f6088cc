using System.Data.Common;
using Concordat.Core;
using Concordat.Core.Agreements;

namespace Concordat.Server.Storage;

/// <summary>
/// What decides about a (partner, customer), read in one statement: the relationship, the stored standing with the
/// customer's direct acceptance folded in, and the entry that the gate would cite.
/// </summary>
/// <param name="Active">The relationship is active.</param>
/// <param name="Standing">The standing.</param>
/// <param name="Facts">Number of facts so far; the next one gets this number plus one.</param>
/// <param name="Company">Company name as the partner keeps it.</param>
/// <param name="Entry">Entry of the record that counts; null when nothing is on record.</param>
internal sealed record StandingRow(bool Active, Standing Standing, long Facts, string Company, EntryId? Entry);

/// <summary>Names one standing. Sorts as its bytes do.</summary>
internal readonly record struct StandingId(PartnerId Partner, CustomerId Customer);

/// <summary>A standing among many; <paramref name="Facts"/> is how many facts it is the fold of, direct acceptances aside.</summary>
internal readonly record struct StoredStanding(StandingId Id, bool Active, Standing Standing, long Facts);

/// <summary>The stored projection of the fold.</summary>
internal static class StandingRows
{
    private const string Deciding =
        "a.active, s.attested_at_unix_ms, s.attested_version, s.flags, s.facts, s.entry_id, c.direct_version, c.direct_entry_id, c.cloud";

    private const string From = """
        FROM customer_accounts a
        JOIN customers c ON c.customer_id = a.customer_id
        LEFT JOIN standings s ON s.partner_id = a.partner_id AND s.customer_id = a.customer_id
        """;

    private const string Select = $"SELECT {Deciding}, a.company_name {From} WHERE a.partner_id = $1 AND a.customer_id = $2 AND a.removed_at_unix_ms IS NULL";

    private const string SelectPage = $"SELECT {Deciding}, a.partner_id, a.customer_id {From}";

    private static readonly Insert Into = new("standings",
        "partner_id bytea, customer_id bytea, attested_at_unix_ms bigint, attested_version bigint, flags bigint, facts bigint, entry_id bytea",
        """
        ON CONFLICT (partner_id, customer_id) DO UPDATE SET attested_at_unix_ms = excluded.attested_at_unix_ms,
        attested_version = excluded.attested_version, flags = excluded.flags, facts = excluded.facts, entry_id = excluded.entry_id
        """);

    public static PlannedRead<StandingRow> PlanFind(PartnerId partner, CustomerId customer) =>
        new(Select, Map, partner.Value, customer.Value);

    public static ValueTask<StandingRow?> FindAsync(Tx tx, PartnerId partner, CustomerId customer) =>
        tx.OneAsync(Select, Map, partner.Value, customer.Value);

    /// <summary>Stores the partner's own part; what the customer did itself stands with the customer.</summary>
    public static ValueTask SaveAsync(Tx tx, PartnerId partner, CustomerId customer, Standing standing, long facts, EntryId? entry)
    {
        tx.Touch(partner, customer);
        return tx.InsertAsync(Into, partner.Value, customer.Value, standing.AttestedUnixMs, standing.AttestedVersion,
            (long)(standing.Flags & ~Shared), facts, entry?.Value);
    }

    /// <summary>At most <paramref name="limit"/> standings of all partners behind <paramref name="after"/>, by partner and customer.</summary>
    public static ValueTask<List<StoredStanding>> PageAsync(Tx tx, StandingId after, int limit) => tx.ManyAsync(
        SelectPage + " WHERE (a.partner_id, a.customer_id) > ($1, $2) AND a.removed_at_unix_ms IS NULL ORDER BY a.partner_id, a.customer_id LIMIT $3", MapPage,
        after.Partner.Value, after.Customer.Value, limit);

    /// <summary>As above, of one partner.</summary>
    public static ValueTask<List<StoredStanding>> PageAsync(Tx tx, PartnerId partner, CustomerId after, int limit) => tx.ManyAsync(
        SelectPage + " WHERE a.partner_id = $1 AND a.customer_id > $2 AND a.removed_at_unix_ms IS NULL ORDER BY a.customer_id LIMIT $3", MapPage,
        partner.Value, after.Value, limit);

    private const StandingFlags Shared = StandingFlags.AcceptedDirectly | StandingFlags.NationalCloud;

    private static StandingRow Map(DbDataReader row)
    {
        var standing = StandingOf(row);
        // A direct acceptance never goes stale, so it is what an order cites when there is one.
        var entry = row.IdOrNull(7) ?? row.IdOrNull(5);
        return new StandingRow(row.Flag(0), standing, row.LongOrNull(4) ?? 0, row.Text(9), entry is { } id ? new EntryId(id) : null);
    }

    private static StoredStanding MapPage(DbDataReader row) => new(
        new StandingId(new PartnerId(row.Id(9)), new CustomerId(row.Id(10))), row.Flag(0), StandingOf(row), row.LongOrNull(4) ?? 0);

    // Both statements begin with the same columns.
    private static Standing StandingOf(DbDataReader row)
    {
        var flags = (StandingFlags)(row.LongOrNull(3) ?? 0);
        var directVersion = (byte)row.Long(6);
        if (directVersion > 0)
        {
            flags |= StandingFlags.AcceptedDirectly;
        }

        if (row.Text(8) != "public")
        {
            flags |= StandingFlags.NationalCloud;
        }

        return new Standing(row.LongOrNull(1) ?? Standing.NoDate, (byte)(row.LongOrNull(2) ?? 0), directVersion, flags);
    }
}
