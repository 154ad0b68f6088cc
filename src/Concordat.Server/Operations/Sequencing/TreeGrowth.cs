using Concordat.Core.Ledger;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations.Sequencing;

/// <summary>Makes entries leaves of the tree: the next indexes, and every tile that becomes full.</summary>
internal static class TreeGrowth
{
    /// <summary>Leaves in one transaction at most.</summary>
    public const int BatchSize = 1000;

    /// <summary>
    /// Appends <paramref name="entries"/> to the tree in <paramref name="state"/>, whose frontier is <paramref name="frontier"/>;
    /// both stay as they are. Null when another sequencer has taken over.
    /// </summary>
    public static async ValueTask<(LedgerState State, TreeFrontier Frontier)?> AppendAsync(
        Tx tx, LedgerState state, TreeFrontier frontier, IReadOnlyList<StoredEntry> entries, long sweptSeq)
    {
        // First of all, so that a sandbox that is being emptied and the sequencer take their locks in one order.
        if (!await TreeRows.TryGrowAsync(tx, state, state.Size + entries.Count, sweptSeq))
        {
            return null;
        }

        var grown = frontier.Copy();
        foreach (var entry in entries)
        {
            if (!LeafHash.Of(entry.Bytes).AsSpan().SequenceEqual(entry.LeafHash))
            {
                throw new LedgerFaultException($"E_TAMPERED: entry {entry.Id} is not what was written");
            }

            await TreeRows.AddLeafAsync(tx, grown.Size, entry);
            grown.Append(entry.LeafHash);
        }

        for (var level = 0; level < Tile.MaxLevel; level++)
        {
            var shift = (level + 1) * Tile.Height;
            for (var number = state.Size >> shift; number < grown.Size >> shift; number++)
            {
                await FillAsync(tx, level, number);
            }
        }

        return (state with { Size = grown.Size, SweptSeq = sweptSeq }, grown);
    }

    private static async ValueTask FillAsync(Tx tx, int level, long number)
    {
        var hashes = await TreeRows.HashesAsync(tx, new Tile(level, number, Tile.Full));
        if (hashes.Length != Tile.Full * TreeHash.Bytes)
        {
            throw new LedgerFaultException($"E_TAMPERED: hashes of {new Tile(level, number, Tile.Full).Path} are missing");
        }

        await TreeRows.AddTileAsync(tx, level, number, Tile.Subtree(hashes), hashes);
    }
}
