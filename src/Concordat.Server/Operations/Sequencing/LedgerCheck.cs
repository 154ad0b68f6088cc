using Concordat.Core;
using Concordat.Core.Ledger;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations.Sequencing;

/// <summary>
/// Looks at all of the ledger as it is stored: entries against leaves, leaves against tiles, the tree against every
/// checkpoint ever signed, and the records against their entries. Memory is flat but for the ids.
/// </summary>
internal sealed class LedgerCheck(Database database, LedgerPolicy policy)
{
    private const int PageSize = 1000;

    private readonly List<string> faults = [];
    private readonly HashSet<Guid> ids = [];
    private readonly List<List<byte[]>> edges = [[]];
    private readonly TreeFrontier frontier = new();
    private long wholeUpTo;

    /// <summary>Every fault in words, with its place; none when the ledger is whole.</summary>
    /// <param name="database">Where the ledger is.</param>
    /// <param name="policy">Whose signatures count; better one that was kept elsewhere than the database's own.</param>
    public static async Task<(long Size, IReadOnlyList<string> Faults)> RunAsync(Database database, LedgerPolicy policy)
    {
        var check = new LedgerCheck(database, policy);
        var checkpoints = new Queue<StoredCheckpoint>(await database.ReadSharedAsync(tx => CheckpointRows.AfterAsync(tx, -1, int.MaxValue)));
        for (var more = true; more;)
        {
            more = await check.TakePageAsync(checkpoints);
        }

        foreach (var beyond in checkpoints)
        {
            check.Add($"checkpoint {beyond.Size} is beyond the tree, which ends at {check.frontier.Size}");
        }

        await check.CheckEndAsync();
        await check.CheckRecordsAsync();
        return (check.frontier.Size, check.faults);
    }

    private void Add(FormattableString fault) => faults.Add(FormattableString.Invariant(fault));

    private async Task<bool> TakePageAsync(Queue<StoredCheckpoint> checkpoints)
    {
        var from = frontier.Size;
        var rows = await database.ReadSharedAsync(tx => LedgerCheckRows.LeavesAsync(tx, from, PageSize));
        foreach (var row in rows)
        {
            if (row.Index != frontier.Size)
            {
                Add($"leaf {frontier.Size} is missing or doubled");
                return false;
            }

            var hash = Take(row);
            frontier.Append(hash);
            await FillAsync(0, hash);
            while (checkpoints.TryPeek(out var next) && next.Size <= frontier.Size)
            {
                Compare(checkpoints.Dequeue());
            }
        }

        return rows.Count == PageSize;
    }

    /// <summary>The hash of what is stored as this leaf's entry, or of the leaf where that is gone.</summary>
    private byte[] Take(CheckedLeaf row)
    {
        if (!ids.Add(row.Id.Value))
        {
            Add($"entry {row.Index} ({row.Id}) is there twice");
        }

        if (row.Bytes is null)
        {
            Add($"entry {row.Index} ({row.Id}) is gone");
            return row.LeafHash;
        }

        var hash = LeafHash.Of(row.Bytes);
        if (!hash.AsSpan().SequenceEqual(row.LeafHash) || !hash.AsSpan().SequenceEqual(row.EntryHash) ||
            row.EntryId != row.Id || EntryText.Read(row.Bytes)?.Id != row.Id.ToString())
        {
            Add($"entry {row.Index} ({row.Id}) is not what was written");
        }

        return hash;
    }

    private async Task FillAsync(int level, byte[] hash)
    {
        if (level == edges.Count)
        {
            edges.Add([]);
        }

        var edge = edges[level];
        edge.Add(hash);
        if (edge.Count < Tile.Full)
        {
            return;
        }

        var content = edge.SelectMany(one => one).ToArray();
        var root = Tile.Subtree(content);
        var tile = new Tile(level, (frontier.Size >> ((level + 1) * Tile.Height)) - 1, Tile.Full);
        var stored = await database.ReadSharedAsync(tx => LedgerCheckRows.TileAsync(tx, tile));
        if (stored is not { } found || !found.Root.AsSpan().SequenceEqual(root) || !found.Hashes.AsSpan().SequenceEqual(content))
        {
            var first = stored is null ? -1 : Enumerable.Range(0, Tile.Full).FirstOrDefault(i => !stored.Hashes.AsSpan().Slice(i * 32, 32).SequenceEqual(edge[i]), -1);
            Add($"{tile.Path} is not the tile of its entries{(first < 0 ? "" : FormattableString.Invariant($", from hash {first} on"))}");
        }

        edge.Clear();
        await FillAsync(level + 1, root);
    }

    private void Compare(StoredCheckpoint checkpoint)
    {
        var note = SignedNote.Parse(checkpoint.Note);
        if (note is null || note.Checkpoint.Size != checkpoint.Size || !note.Checkpoint.Root.AsSpan().SequenceEqual(checkpoint.Root) ||
            NoteVerifier.Check(note, policy) != ReceiptCode.Ok)
        {
            Add($"checkpoint {checkpoint.Size} is not what was signed");
        }
        else if (checkpoint.Size == frontier.Size && frontier.Root.AsSpan().SequenceEqual(checkpoint.Root))
        {
            wholeUpTo = checkpoint.Size;
        }
        else
        {
            Add($"checkpoint {checkpoint.Size} is not the root of its entries: something from entry {wholeUpTo} on was changed");
        }
    }

    private async Task CheckEndAsync()
    {
        var size = frontier.Size;
        var (state, stray, tiles) = await database.ReadSharedAsync(async tx => (
            await TreeRows.StateAsync(tx), await LedgerCheckRows.StrayEntriesAsync(tx), await LedgerCheckRows.TilesAsync(tx)));
        if (state is null || state.Size != size)
        {
            Add($"the ledger says that it has {state?.Size ?? 0} leaves, and has {size}");
        }

        foreach (var id in stray)
        {
            Add($"entry {id} stands among sequenced ones and is no leaf");
        }

        foreach (var (level, count, last) in tiles.Where(tile => tile.Last >= size >> ((tile.Level + 1) * Tile.Height)))
        {
            Add($"{new Tile(level, last, Tile.Full).Path} is beyond the tree");
        }
    }

    private async Task CheckRecordsAsync()
    {
        foreach (var (what, entry) in await database.ReadEverythingAsync(LedgerCheckRows.RecordsWithoutEntryAsync))
        {
            Add($"{what} cites entry {new EntryId(entry)}, which is not in the ledger");
        }
    }
}
