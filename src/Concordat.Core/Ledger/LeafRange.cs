using System.Numerics;

namespace Concordat.Core.Ledger;

/// <summary>A node of the tree over 2^<paramref name="Level"/> leaves, the <paramref name="Index"/>th of its level.</summary>
public readonly record struct TreeNode(int Level, long Index);

/// <summary>Answers the hash of a node; all its leaves are there.</summary>
public delegate byte[] NodeSource(TreeNode node);

/// <summary>
/// Leaves from <paramref name="From"/> up to but without <paramref name="To"/>, as RFC 6962 cuts a tree: <c>From</c> is a
/// multiple of the smallest power of two that is not less than the length.
/// </summary>
public readonly record struct LeafRange(long From, long To)
{
    /// <summary>How many leaves.</summary>
    public long Length => To - From;

    /// <summary>The perfect subtrees that the range consists of, from left to right.</summary>
    public IEnumerable<TreeNode> Nodes()
    {
        var at = From;
        for (var left = Length; left > 0;)
        {
            var level = BitOperations.Log2((ulong)left);
            yield return new TreeNode(level, at >> level);
            at += 1L << level;
            left -= 1L << level;
        }
    }

    /// <summary>MTH of the range.</summary>
    public byte[] Hash(NodeSource nodeAt)
    {
        if (Length == 0)
        {
            return TreeHash.Empty;
        }

        byte[]? root = null;
        foreach (var node in Nodes().Reverse())
        {
            root = root is null ? nodeAt(node) : TreeHash.Node(nodeAt(node), root);
        }

        return root!;
    }

    /// <summary>Where RFC 6962 cuts this range in two: its left part has the largest power of two less than the length.</summary>
    public (LeafRange Left, LeafRange Right) Split()
    {
        var middle = From + (1L << BitOperations.Log2((ulong)(Length - 1)));
        return (new LeafRange(From, middle), new LeafRange(middle, To));
    }
}
