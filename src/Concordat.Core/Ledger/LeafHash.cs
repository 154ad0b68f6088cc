using System.Security.Cryptography;

namespace Concordat.Core.Ledger;

/// <summary>The hash of an entry as a leaf of the RFC 6962 tree.</summary>
public static class LeafHash
{
    /// <summary>SHA-256(0x00 || entry), 32 bytes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> entry)
    {
        var prefixed = new byte[entry.Length + 1];
        entry.CopyTo(prefixed.AsSpan(1));
        return SHA256.HashData(prefixed);
    }
}
