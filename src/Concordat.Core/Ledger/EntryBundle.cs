using System.Buffers.Binary;

namespace Concordat.Core.Ledger;

/// <summary>Up to 256 consecutive entries as they are served: each as its length (two bytes, big-endian) and its bytes.</summary>
public static class EntryBundle
{
    /// <summary>Where the entries of a level-0 tile are served, below the ledger's address.</summary>
    public static string Path(long number, int width) => $"tile/entries/{Tile.NumberPath(number, width)}";

    /// <summary>The bytes of a bundle.</summary>
    public static byte[] ToBytes(IReadOnlyList<byte[]> entries)
    {
        var bytes = new byte[entries.Sum(entry => 2 + entry.Length)];
        var at = 0;
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), checked((ushort)entry.Length));
            entry.CopyTo(bytes, at + 2);
            at += 2 + entry.Length;
        }

        return bytes;
    }

    /// <summary>The entries of a bundle; null when a length does not fit the bytes.</summary>
    public static IReadOnlyList<byte[]>? Read(ReadOnlySpan<byte> bytes)
    {
        var entries = new List<byte[]>();
        while (bytes.Length > 0)
        {
            if (bytes.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(bytes) is var length && bytes.Length < 2 + length)
            {
                return null;
            }

            entries.Add(bytes.Slice(2, length).ToArray());
            bytes = bytes[(2 + length)..];
        }

        return entries;
    }
}
