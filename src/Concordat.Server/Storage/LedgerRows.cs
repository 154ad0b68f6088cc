using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>An entry's place: its leaf hash, and its index once the tree has grown to it.</summary>
internal sealed record LeafRow(byte[] Hash, long? Index);

/// <summary>Entries in their final bytes, and what opens their digests.</summary>
internal static class LedgerRows
{
    private static readonly Insert IntoEntries = new("ledger_entries", "entry_id bytea, entry bytea, leaf_hash bytea");

    private static readonly Insert IntoDisclosures = new("disclosures",
        "partner_id bytea, entry_id bytea, customer_id bytea, subject_id bytea, sealed bytea");

    public static ValueTask AddAsync(Tx tx, EntryId id, byte[] entry, byte[] leafHash) =>
        tx.InsertAsync(IntoEntries, id.Value, entry, leafHash);

    /// <summary>Where the entry stands; null when there is no such entry.</summary>
    public static ValueTask<LeafRow?> LeafAsync(Tx tx, EntryId id) => tx.OneAsync(
        "SELECT e.leaf_hash, l.leaf_index FROM ledger_entries e LEFT JOIN ledger_leaves l ON l.entry_id = e.entry_id WHERE e.entry_id = $1",
        row => new LeafRow(row.Bytes(0), row.LongOrNull(1)), id.Value);

    /// <summary>Keeps the disclosures of an entry, sealed under the subject's data key.</summary>
    public static ValueTask AddDisclosuresAsync(
        Tx tx, PartnerId partner, CustomerId customer, EntryId entry, SubjectId subject, byte[] box) =>
        tx.InsertAsync(IntoDisclosures, partner.Value, entry.Value, customer.Value, subject.Value, box);

    /// <summary>The entry's bytes; null when there is no such entry.</summary>
    public static ValueTask<byte[]?> EntryAsync(Tx tx, EntryId id) =>
        tx.OneAsync("SELECT entry FROM ledger_entries WHERE entry_id = $1", row => row.Bytes(0), id.Value);

    /// <summary>The sealed disclosures of an entry; null when there are none.</summary>
    public static ValueTask<byte[]?> DisclosuresAsync(Tx tx, PartnerId partner, EntryId entry) => tx.OneAsync(
        "SELECT sealed FROM disclosures WHERE partner_id = $1 AND entry_id = $2", row => row.Bytes(0), partner.Value, entry.Value);

    /// <summary>Moves the disclosures of an entry to the customer whom it turned out to be about.</summary>
    public static ValueTask<int> MoveDisclosuresAsync(Tx tx, PartnerId partner, EntryId entry, CustomerId to) => tx.ExecuteAsync(
        "UPDATE disclosures SET customer_id = $3 WHERE partner_id = $1 AND entry_id = $2", partner.Value, entry.Value, to.Value);
}
