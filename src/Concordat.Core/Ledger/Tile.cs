using System.Globalization;
using System.Text;

namespace Concordat.Core.Ledger;

/// <summary>
/// A piece of the tree that is fetched at once: up to 256 consecutive hashes of one level out of eight. Level 0 are leaf
/// hashes; a hash of level <c>l</c> covers 256^<c>l</c> leaves.
/// </summary>
/// <param name="Level">Level of the hashes, counted in steps of eight.</param>
/// <param name="Number">Number of the tile within its level.</param>
/// <param name="Width">Hashes in it: 256, or fewer at the right edge.</param>
public readonly record struct Tile(int Level, long Number, int Width)
{
    /// <summary>Hashes of a full tile.</summary>
    public const int Full = 256;

    /// <summary>Levels of the tree in one tile.</summary>
    public const int Height = 8;

    /// <summary>The largest level that a tree of 2^63 leaves can have; its tile is never full.</summary>
    public const int MaxLevel = 7;

    /// <summary>Where it is served, below the ledger's address: <c>tile/0/x001/234.p/5</c>.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/{NumberPath(Number, Width)}");

    /// <summary>The tile that holds what is needed for <paramref name="node"/>, as wide as a tree of <paramref name="size"/> leaves makes it.</summary>
    public static Tile Holding(TreeNode node, long size)
    {
        var level = node.Level / Height;
        var first = node.Index << (node.Level % Height);
        return At(level, first / Full, size)!.Value;
    }

    /// <summary>The tile as wide as a tree of <paramref name="size"/> leaves makes it; null when it would be empty.</summary>
    public static Tile? At(int level, long number, long size)
    {
        var hashes = size >> (level * Height);
        var width = Math.Min(hashes - (number * Full), Full);
        return width > 0 ? new Tile(level, number, (int)width) : null;
    }

    /// <summary>The hash of a node below or at the root of this tile, from the tile's hashes.</summary>
    public static byte[] NodeIn(ReadOnlySpan<byte> hashes, TreeNode node)
    {
        var height = node.Level % Height;
        var first = (int)((node.Index << height) % Full);
        return Subtree(hashes.Slice(first * TreeHash.Bytes, (1 << height) * TreeHash.Bytes));
    }

    /// <summary>The root over a power of two of hashes, by recursion.</summary>
    public static byte[] Subtree(ReadOnlySpan<byte> hashes)
    {
        if (hashes.Length == TreeHash.Bytes)
        {
            return hashes.ToArray();
        }

        var half = hashes.Length / 2;
        return TreeHash.Node(Subtree(hashes[..half]), Subtree(hashes[half..]));
    }

    /// <summary>The number in groups of three digits, all but the last marked with <c>x</c>; <c>.p/width</c> unless full.</summary>
    public static string NumberPath(long number, int width)
    {
        var path = new StringBuilder();
        var digits = number.ToString(CultureInfo.InvariantCulture);
        digits = digits.PadLeft((digits.Length + 2) / 3 * 3, '0');
        for (var i = 0; i < digits.Length; i += 3)
        {
            path.Append(i + 3 < digits.Length ? "x" : "").Append(digits, i, 3).Append(i + 3 < digits.Length ? "/" : "");
        }

        return width == Full ? path.ToString() : path.Append(CultureInfo.InvariantCulture, $".p/{width}").ToString();
    }

    /// <summary>Reads what <see cref="NumberPath"/> writes; false for every other spelling.</summary>
    public static bool TryReadNumber(string path, out long number, out int width)
    {
        (number, width) = (0, Full);
        var partial = path.IndexOf(".p/", StringComparison.Ordinal);
        var groups = (partial < 0 ? path : path[..partial]).Split('/');
        foreach (var group in groups)
        {
            var digits = group.AsSpan(group.StartsWith('x') ? 1 : 0);
            if (digits.Length != 3 || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var part) ||
                number > long.MaxValue / 2000)
            {
                return false;
            }

            number = (number * 1000) + part;
        }

        return (partial < 0 || int.TryParse(path.AsSpan(partial + 3), NumberStyles.None, CultureInfo.InvariantCulture, out width)) &&
            width is > 0 and <= Full && NumberPath(number, width) == path;
    }
}
