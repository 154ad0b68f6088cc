using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>What customers accepted themselves.</summary>
internal static class DirectAcceptanceRows
{
    private static readonly Insert Into = new("direct_acceptances",
        "customer_id bytea, acceptance_no bigint, version bigint, accepted_at_unix_ms bigint, recorded_at_unix_ms bigint, entry_id bytea, disclosures text");

    public static async ValueTask AddAsync(Tx tx, CustomerId customer, byte version, DateTimeOffset now, EntryId entry, string disclosures)
    {
        var at = now.ToUnixTimeMilliseconds();
        var last = await tx.OneAsync("SELECT COALESCE(MAX(acceptance_no), 0) FROM direct_acceptances WHERE customer_id = $1",
            row => (object)row.Long(0), customer.Value);
        await tx.InsertAsync(Into, customer.Value, (long)last! + 1, version, at, at, entry.Value, disclosures);
        await tx.ExecuteAsync(
            "UPDATE customers SET direct_version = $2, direct_at_unix_ms = $3, direct_entry_id = $4 WHERE customer_id = $1",
            customer.Value, version, at, entry.Value);
    }
}
