using Concordat.Core;
using Concordat.Core.Ledger;

namespace Concordat.Server.Storage;

/// <summary>The one row that says how far the tree has grown.</summary>
internal sealed record LedgerState(long Size, long SweptSeq, long Epoch);

/// <summary>An entry as it was written.</summary>
internal sealed record StoredEntry(long Seq, EntryId Id, byte[] Bytes, byte[] LeafHash);

/// <summary>An entry in its place in the tree; the bytes are missing when the entry's row is.</summary>
internal sealed record StoredLeaf(long Index, EntryId Id, byte[] LeafHash, byte[]? Bytes);

/// <summary>The tree's leaves and full tiles.</summary>
internal static class TreeRows
{
    private static readonly Insert IntoLeaves = new("ledger_leaves", "leaf_index bigint, entry_seq bigint, entry_id bytea, leaf_hash bytea");

    private static readonly Insert IntoTiles = new("ledger_tiles", "level bigint, number bigint, root bytea, hashes bytea");

    /// <summary>Null for a moment only, while a sandbox is emptied.</summary>
    public static ValueTask<LedgerState?> StateAsync(Tx tx) => tx.OneAsync(
        "SELECT size, swept_seq, epoch FROM ledger_state WHERE id = 1", row => new LedgerState(row.Long(0), row.Long(1), row.Long(2)));

    /// <summary>Makes the caller the only one whose growth is accepted.</summary>
    public static async ValueTask<LedgerState?> BeginEpochAsync(Tx tx)
    {
        await tx.ExecuteAsync("UPDATE ledger_state SET epoch = epoch + 1 WHERE id = 1");
        return await StateAsync(tx);
    }

    /// <summary>Says that the tree has grown; false when another sequencer has taken over since.</summary>
    public static async ValueTask<bool> TryGrowAsync(Tx tx, LedgerState from, long size, long sweptSeq) => await tx.ExecuteAsync(
        "UPDATE ledger_state SET size = $1, swept_seq = $2 WHERE id = 1 AND size = $3 AND epoch = $4",
        size, sweptSeq, from.Size, from.Epoch) == 1;

    /// <summary>Puts the state back after a sandbox was emptied.</summary>
    public static async ValueTask MakeStateAsync(Tx tx) => await tx.ExecuteAsync(
        "INSERT INTO ledger_state (id, size, swept_seq, epoch) VALUES (1, 0, 0, 0)");

    /// <summary>Entries behind <paramref name="seq"/> that are no leaves yet, in their order.</summary>
    public static ValueTask<List<StoredEntry>> UnsequencedAsync(Tx tx, long seq, int limit) => tx.ManyAsync("""
        SELECT e.seq, e.entry_id, e.entry, e.leaf_hash FROM ledger_entries e
        WHERE e.seq > $1 AND NOT EXISTS (SELECT 1 FROM ledger_leaves l WHERE l.entry_seq = e.seq) ORDER BY e.seq LIMIT $2
        """, row => new StoredEntry(row.Long(0), new EntryId(row.Id(1)), row.Bytes(2), row.Bytes(3)), seq, limit);

    /// <summary>
    /// The transactions that may have taken a number for an entry that nobody else sees yet: they hold the lock that every
    /// insertion takes first. None on SQLite, where numbers become visible in their order.
    /// </summary>
    public static async ValueTask<IReadOnlySet<string>> WritersAsync(Tx tx) => tx is not PostgresTx ? new HashSet<string>()
        : (await tx.ManyAsync("""
            SELECT virtualtransaction FROM pg_locks
            WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND relation = 'ledger_entries'::regclass
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """, row => row.Text(0))).ToHashSet();

    public static ValueTask AddLeafAsync(Tx tx, long index, StoredEntry entry) =>
        tx.InsertAsync(IntoLeaves, index, entry.Seq, entry.Id.Value, entry.LeafHash);

    public static ValueTask AddTileAsync(Tx tx, int level, long number, byte[] root, byte[] hashes) =>
        tx.InsertAsync(IntoTiles, level, number, root, hashes);

    /// <summary>Leaves with their entries, from one index up to but without another.</summary>
    public static ValueTask<List<StoredLeaf>> LeavesAsync(Tx tx, long from, long to) => tx.ManyAsync("""
        SELECT l.leaf_index, l.entry_id, l.leaf_hash, e.entry FROM ledger_leaves l
        LEFT JOIN ledger_entries e ON e.seq = l.entry_seq AND e.entry_id = l.entry_id
        WHERE l.leaf_index >= $1 AND l.leaf_index < $2 ORDER BY l.leaf_index
        """, row => new StoredLeaf(row.Long(0), new EntryId(row.Id(1)), row.Bytes(2), row.IsDBNull(3) ? null : row.Bytes(3)), from, to);

    /// <summary>Where an entry stands; null while it is no leaf.</summary>
    public static async ValueTask<long?> IndexOfAsync(Tx tx, EntryId entry) => await tx.OneAsync(
        "SELECT leaf_index FROM ledger_leaves WHERE entry_id = $1", row => (object)row.Long(0), entry.Value) as long?;

    /// <summary>The hashes of a tile, one after the other; fewer than its width when they are not there.</summary>
    public static async ValueTask<byte[]> HashesAsync(Tx tx, Tile tile)
    {
        if (tile.Width == Tile.Full && await tx.OneAsync(
            "SELECT hashes FROM ledger_tiles WHERE level = $1 AND number = $2", row => row.Bytes(0), tile.Level, tile.Number) is { } full)
        {
            return full;
        }

        var first = tile.Number * Tile.Full;
        var hashes = tile.Level == 0
            ? await tx.ManyAsync("SELECT leaf_hash FROM ledger_leaves WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index",
                row => row.Bytes(0), first, first + tile.Width)
            : await tx.ManyAsync("SELECT root FROM ledger_tiles WHERE level = $1 AND number >= $2 AND number < $3 ORDER BY number",
                row => row.Bytes(0), tile.Level - 1, first, first + tile.Width);
        return [.. hashes.SelectMany(hash => hash)];
    }

    /// <summary>The root stored with a full tile; null when there is no such tile.</summary>
    public static ValueTask<byte[]?> RootOfTileAsync(Tx tx, int level, long number) => tx.OneAsync(
        "SELECT root FROM ledger_tiles WHERE level = $1 AND number = $2", row => row.Bytes(0), level, number);
}
