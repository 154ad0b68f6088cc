namespace Concordat.Core.Ledger;

/// <summary>Checks of proofs (RFC 9162 sections 2.1.3.2 and 2.1.4.2). Nothing here trusts a length or a number.</summary>
public static class MerkleProof
{
    /// <summary>True when <paramref name="leafHash"/> is leaf <paramref name="index"/> of the tree with this size and root.</summary>
    public static bool Includes(long index, long size, ReadOnlySpan<byte> leafHash, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size || leafHash.Length != TreeHash.Bytes || !AllHashes(path))
        {
            return false;
        }

        var (first, last) = ((ulong)index, (ulong)size - 1);
        var hash = leafHash.ToArray();
        foreach (var sibling in path)
        {
            if (last == 0)
            {
                return false;
            }

            if (IsRightMost(ref first, ref last))
            {
                hash = TreeHash.Node(sibling, hash);
            }
            else
            {
                hash = TreeHash.Node(hash, sibling);
            }

            (first, last) = (first >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>
    /// True when the tree of <paramref name="to"/> leaves begins with that of <paramref name="from"/> leaves. Nothing is
    /// consistent with size 0: callers treat the beginning of a ledger themselves.
    /// </summary>
    public static bool Extends(long from, long to, ReadOnlySpan<byte> fromRoot, ReadOnlySpan<byte> toRoot, IReadOnlyList<byte[]> path)
    {
        if (from <= 0 || from > to || !AllHashes(path))
        {
            return false;
        }

        if (from == to)
        {
            return path.Count == 0 && fromRoot.SequenceEqual(toRoot);
        }

        return path.Count > 0 && Climb(from, to, fromRoot, toRoot, path);
    }

    private static bool Climb(long from, long to, ReadOnlySpan<byte> fromRoot, ReadOnlySpan<byte> toRoot, IReadOnlyList<byte[]> path)
    {
        var whole = (from & (from - 1)) == 0;
        var (first, last) = ((ulong)from - 1, (ulong)to - 1);
        while ((first & 1) == 1)
        {
            (first, last) = (first >> 1, last >> 1);
        }

        var oldHash = whole ? fromRoot.ToArray() : path[0];
        var newHash = oldHash;
        foreach (var hash in path.Skip(whole ? 0 : 1))
        {
            if (last == 0)
            {
                return false;
            }

            if (IsRightMost(ref first, ref last))
            {
                (oldHash, newHash) = (TreeHash.Node(hash, oldHash), TreeHash.Node(hash, newHash));
            }
            else
            {
                newHash = TreeHash.Node(newHash, hash);
            }

            (first, last) = (first >> 1, last >> 1);
        }

        return last == 0 && fromRoot.SequenceEqual(oldHash) && toRoot.SequenceEqual(newHash);
    }

    /// <summary>True for a right child, or for a node that is the last of its level; then climbs to where it is a right child.</summary>
    private static bool IsRightMost(ref ulong first, ref ulong last)
    {
        if ((first & 1) == 0 && first != last)
        {
            return false;
        }

        while ((first & 1) == 0 && first != 0)
        {
            (first, last) = (first >> 1, last >> 1);
        }

        return true;
    }

    private static bool AllHashes(IReadOnlyList<byte[]> path) => path.All(hash => hash.Length == TreeHash.Bytes);
}
