using System.Security.Cryptography;

namespace Concordat.Core.Ledger;

/// <summary>The two hashes of the RFC 6962 tree besides that of a leaf: of an inner node, and of the tree without leaves.</summary>
public static class TreeHash
{
    /// <summary>Bytes of every hash.</summary>
    public const int Bytes = SHA256.HashSizeInBytes;

    /// <summary>SHA-256(""), the root of a tree without leaves.</summary>
    public static byte[] Empty => SHA256.HashData([]);

    /// <summary>SHA-256(0x01 || left || right).</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Bytes)];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Bytes)..]);
        return SHA256.HashData(input[..(1 + left.Length + right.Length)]);
    }
}
