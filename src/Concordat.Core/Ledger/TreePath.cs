namespace Concordat.Core.Ledger;

/// <summary>Which parts of a tree prove something (RFC 6962 sections 2.1.1 and 2.1.2); their hashes in this order are the proof.</summary>
public static class TreePath
{
    /// <summary>The siblings on the way from leaf <paramref name="index"/> to the root of <paramref name="size"/> leaves.</summary>
    public static IReadOnlyList<LeafRange> Inclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<LeafRange>();
        for (var range = new LeafRange(0, size); range.Length > 1;)
        {
            var (left, right) = range.Split();
            (range, var sibling) = index < left.To ? (left, right) : (right, left);
            path.Add(sibling);
        }

        path.Reverse();
        return path;
    }

    /// <summary>What shows that the tree of <paramref name="to"/> leaves begins with the tree of <paramref name="from"/> leaves.</summary>
    public static IReadOnlyList<LeafRange> Consistency(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        var path = new List<LeafRange>();
        var range = new LeafRange(0, to);
        var known = true;
        while (range.To != from)
        {
            var (left, right) = range.Split();
            if (from <= left.To)
            {
                path.Add(right);
                range = left;
            }
            else
            {
                path.Add(left);
                range = right;
                known = false;
            }
        }

        if (!known)
        {
            path.Add(range);
        }

        path.Reverse();
        return path;
    }
}
