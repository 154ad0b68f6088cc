using System.Numerics;

namespace Concordat.Core.Ledger;

/// <summary>
/// The right edge of a growing tree: the roots of its perfect subtrees from the largest to the smallest, one for each bit
/// of the size. Appending a leaf and taking the root need nothing else, whatever the size.
/// </summary>
public sealed class TreeFrontier
{
    private readonly List<byte[]> roots;

    private TreeFrontier(long size, List<byte[]> roots) => (Size, this.roots) = (size, roots);

    /// <summary>A tree without leaves.</summary>
    public TreeFrontier()
        : this(0, [])
    {
    }

    /// <summary>Leaves so far.</summary>
    public long Size { get; private set; }

    /// <summary>The root over all leaves so far.</summary>
    public byte[] Root
    {
        get
        {
            if (roots.Count == 0)
            {
                return TreeHash.Empty;
            }

            var root = roots[^1];
            for (var i = roots.Count - 2; i >= 0; i--)
            {
                root = TreeHash.Node(roots[i], root);
            }

            return root;
        }
    }

    /// <summary>The frontier of a tree that is stored, from its nodes.</summary>
    public static TreeFrontier Of(long size, NodeSource nodeAt) =>
        new(size, [.. new LeafRange(0, size).Nodes().Select(node => nodeAt(node))]);

    /// <summary>Adds the next leaf.</summary>
    public void Append(byte[] leafHash)
    {
        var hash = leafHash;
        for (var merges = BitOperations.TrailingZeroCount(~Size); merges > 0; merges--)
        {
            hash = TreeHash.Node(roots[^1], hash);
            roots.RemoveAt(roots.Count - 1);
        }

        roots.Add(hash);
        Size++;
    }

    /// <summary>An independent copy.</summary>
    public TreeFrontier Copy() => new(Size, [.. roots]);
}
