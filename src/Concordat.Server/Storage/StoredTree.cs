using Concordat.Core.Ledger;

namespace Concordat.Server.Storage;

/// <summary>Reads what nodes of the tree are computed from.</summary>
internal static class StoredTree
{
    /// <summary>A source of these nodes of the tree of <paramref name="size"/> leaves, from its tiles.</summary>
    /// <exception cref="LedgerFaultException">A hash that must be there is not.</exception>
    public static async ValueTask<NodeSource> LoadAsync(Tx tx, long size, IEnumerable<TreeNode> nodes)
    {
        var tiles = new Dictionary<(int Level, long Number), byte[]>();
        foreach (var tile in nodes.Select(node => Tile.Holding(node, size)).Distinct())
        {
            var hashes = await TreeRows.HashesAsync(tx, tile);
            tiles[(tile.Level, tile.Number)] = hashes.Length >= tile.Width * TreeHash.Bytes
                ? hashes
                : throw new LedgerFaultException($"E_TAMPERED: {tile.Path} has fewer hashes than a tree of {size} leaves needs");
        }

        return node =>
        {
            var tile = Tile.Holding(node, size);
            return Tile.NodeIn(tiles[(tile.Level, tile.Number)], node);
        };
    }

    /// <summary>The hashes of these parts of the tree.</summary>
    public static async ValueTask<IReadOnlyList<byte[]>> HashAsync(Tx tx, long size, IReadOnlyList<LeafRange> ranges)
    {
        var nodeAt = await LoadAsync(tx, size, ranges.SelectMany(range => range.Nodes()));
        return [.. ranges.Select(range => range.Hash(nodeAt))];
    }

    /// <summary>The root of the tree as it was with <paramref name="size"/> leaves.</summary>
    public static async ValueTask<byte[]> RootAsync(Tx tx, long size) => (await HashAsync(tx, size, [new LeafRange(0, size)]))[0];
}

/// <summary>
/// The ledger is not what was signed, or its time or place is wrong: nothing further is signed until a person has looked.
/// The message begins with a code and names the place.
/// </summary>
internal sealed class LedgerFaultException(string message) : Exception(message);
