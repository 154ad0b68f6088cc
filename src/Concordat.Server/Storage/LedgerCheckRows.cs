using Concordat.Core;
using Concordat.Core.Ledger;

namespace Concordat.Server.Storage;

/// <summary>A leaf with everything that is stored of its entry; bytes are null when the entry's row is gone.</summary>
internal sealed record CheckedLeaf(long Index, EntryId Id, byte[] LeafHash, EntryId EntryId, byte[]? Bytes, byte[] EntryHash);

/// <summary>A full tile as stored.</summary>
internal sealed record StoredTile(byte[] Root, byte[] Hashes);

/// <summary>What a look at the whole ledger reads. Nothing here relies on an index or a guard that an owner can take away.</summary>
internal static class LedgerCheckRows
{
    public static ValueTask<List<CheckedLeaf>> LeavesAsync(Tx tx, long from, int limit) => tx.ManyAsync("""
        SELECT l.leaf_index, l.entry_id, l.leaf_hash, e.entry_id, e.entry, e.leaf_hash FROM ledger_leaves l
        LEFT JOIN ledger_entries e ON e.seq = l.entry_seq WHERE l.leaf_index >= $1 ORDER BY l.leaf_index LIMIT $2
        """, row => row.IsDBNull(4)
            ? new CheckedLeaf(row.Long(0), new EntryId(row.Id(1)), row.Bytes(2), default, null, [])
            : new CheckedLeaf(row.Long(0), new EntryId(row.Id(1)), row.Bytes(2), new EntryId(row.Id(3)), row.Bytes(4), row.Bytes(5)), from, limit);

    public static ValueTask<StoredTile?> TileAsync(Tx tx, Tile tile) => tx.OneAsync(
        "SELECT root, hashes FROM ledger_tiles WHERE level = $1 AND number = $2", row => new StoredTile(row.Bytes(0), row.Bytes(1)), tile.Level, tile.Number);

    /// <summary>How many tiles each level has, and the number of the last.</summary>
    public static ValueTask<List<(int Level, long Count, long Last)>> TilesAsync(Tx tx) => tx.ManyAsync(
        "SELECT level, COUNT(*), MAX(number) FROM ledger_tiles GROUP BY level", row => ((int)row.Long(0), row.Long(1), row.Long(2)));

    /// <summary>Entries that were added behind the sequencer's back: older than what it has swept, and no leaves.</summary>
    public static ValueTask<List<EntryId>> StrayEntriesAsync(Tx tx) => tx.ManyAsync("""
        SELECT e.entry_id FROM ledger_entries e WHERE e.seq <= (SELECT swept_seq FROM ledger_state WHERE id = 1)
        AND NOT EXISTS (SELECT 1 FROM ledger_leaves l WHERE l.entry_seq = e.seq) ORDER BY e.seq LIMIT 100
        """, row => new EntryId(row.Id(0)));

    /// <summary>Records whose entry is gone.</summary>
    public static ValueTask<List<(string What, Guid Entry)>> RecordsWithoutEntryAsync(Tx tx) => tx.ManyAsync("""
        SELECT what, entry_id FROM (
          SELECT 'a fact' AS what, entry_id FROM agreement_facts
          UNION ALL SELECT 'a direct acceptance', entry_id FROM direct_acceptances
          UNION ALL SELECT 'an order', entry_id FROM orders WHERE entry_id IS NOT NULL
          UNION ALL SELECT 'a disclosure', entry_id FROM disclosures) r
        WHERE NOT EXISTS (SELECT 1 FROM ledger_entries e WHERE e.entry_id = r.entry_id) LIMIT 100
        """, row => (row.Text(0), row.Id(1)));
}
