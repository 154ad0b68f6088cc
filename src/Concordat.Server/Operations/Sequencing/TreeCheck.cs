using System.Globalization;
using Concordat.Core.Ledger;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations.Sequencing;

/// <summary>
/// Computes roots a second time, from what is stored and by the recursion of the definition: nothing is signed that only
/// memory says. The part of the tree that an earlier checkpoint covers comes from its tiles, the rest from the entries' bytes.
/// </summary>
internal sealed class TreeCheck
{
    private const int PageSize = 1000;

    private readonly List<byte[]> hashes = [];
    private readonly long first;
    private NodeSource nodeAt = _ => throw new InvalidOperationException("The tree was not loaded.");

    private TreeCheck(long first) => this.first = first;

    /// <summary>The roots at two sizes. Every entry behind the first size's last full tile is hashed anew.</summary>
    /// <exception cref="LedgerFaultException">An entry, a leaf or a tile is not what it must be; the message names it.</exception>
    public static async ValueTask<(byte[] From, byte[] To)> RootsAsync(Tx tx, long from, long to)
    {
        var check = new TreeCheck(from / Tile.Full * Tile.Full);
        await check.HashAsync(tx, to);
        await check.CompareTilesAsync(tx, to);
        await CompareUpperTilesAsync(tx, from, to);
        check.nodeAt = await StoredTree.LoadAsync(tx, to, new LeafRange(0, check.first).Nodes());
        return (check.Root(new LeafRange(0, from)), check.Root(new LeafRange(0, to)));
    }

    /// <summary>The hash of a leaf from its entry's bytes.</summary>
    public static byte[] Rehash(StoredLeaf leaf, long index)
    {
        if (leaf.Index != index || leaf.Bytes is null)
        {
            throw new LedgerFaultException(string.Create(CultureInfo.InvariantCulture, $"E_TAMPERED: entry {index} of the ledger is missing"));
        }

        var hash = LeafHash.Of(leaf.Bytes);
        return hash.AsSpan().SequenceEqual(leaf.LeafHash) ? hash : throw new LedgerFaultException(
            string.Create(CultureInfo.InvariantCulture, $"E_TAMPERED: entry {index} of the ledger ({leaf.Id}) is not what was written"));
    }

    private async ValueTask HashAsync(Tx tx, long to)
    {
        for (var at = first; at < to; at += PageSize)
        {
            var end = Math.Min(at + PageSize, to);
            var leaves = await TreeRows.LeavesAsync(tx, at, end);
            for (var index = at; index < end; index++)
            {
                hashes.Add(Rehash(index - at < leaves.Count ? leaves[(int)(index - at)] : new StoredLeaf(-1, default, [], null), index));
            }
        }
    }

    private async ValueTask CompareTilesAsync(Tx tx, long to)
    {
        for (var number = first / Tile.Full; number < to / Tile.Full; number++)
        {
            var content = hashes.Skip((int)((number * Tile.Full) - first)).Take(Tile.Full).SelectMany(hash => hash).ToArray();
            await CompareAsync(tx, 0, number, content);
        }
    }

    private static async ValueTask CompareUpperTilesAsync(Tx tx, long from, long to)
    {
        for (var level = 1; level < Tile.MaxLevel; level++)
        {
            var shift = (level + 1) * Tile.Height;
            for (var number = from >> shift; number < to >> shift; number++)
            {
                var content = new List<byte>();
                for (var child = number * Tile.Full; child < (number + 1) * Tile.Full; child++)
                {
                    content.AddRange(await TreeRows.RootOfTileAsync(tx, level - 1, child) ?? []);
                }

                await CompareAsync(tx, level, number, [.. content]);
            }
        }
    }

    private static async ValueTask CompareAsync(Tx tx, int level, long number, byte[] content)
    {
        var tile = new Tile(level, number, Tile.Full);
        var root = await TreeRows.RootOfTileAsync(tx, level, number);
        var stored = await TreeRows.HashesAsync(tx, tile);
        if (content.Length != Tile.Full * TreeHash.Bytes || root is null || !Tile.Subtree(content).AsSpan().SequenceEqual(root) ||
            !content.AsSpan().SequenceEqual(stored))
        {
            throw new LedgerFaultException($"E_TAMPERED: {tile.Path} is not the tile of its entries");
        }
    }

    private byte[] Root(LeafRange range)
    {
        if (range.To <= first || range.Length == 0)
        {
            return range.Hash(nodeAt);
        }

        if (range.Length == 1)
        {
            return hashes[(int)(range.From - first)];
        }

        var (left, right) = range.Split();
        return TreeHash.Node(Root(left), Root(right));
    }
}
