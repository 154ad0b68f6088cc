using System.Buffers;
using System.Security.Cryptography;

namespace Concordat.Core.Ledger;

/// <summary>The hash of an entry as a leaf of the RFC 6962 tree.</summary>
public static class LeafHash
{
    /// <summary>SHA-256(0x00 || entry), 32 bytes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> entry)
    {
        var rented = ArrayPool<byte>.Shared.Rent(entry.Length + 1);
        try
        {
            rented[0] = 0;
            entry.CopyTo(rented.AsSpan(1));
            return SHA256.HashData(rented.AsSpan(0, entry.Length + 1));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
