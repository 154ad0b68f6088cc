using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Concordat.Server.Hosting;

/// <summary>
/// The one place that makes ids and random bytes, so that a test can replay both. Random bytes are drawn from the system
/// in blocks per thread, as every draw enters the kernel; a byte is handed out once and wiped from the block.
/// </summary>
internal class IdSource(TimeProvider wall)
{
    private const int BlockBytes = 4096;

    [ThreadStatic]
    private static byte[]? block;

    [ThreadStatic]
    private static int used;

    /// <summary>A UUIDv7 by the wall clock: sorts by time, 74 random bits.</summary>
    public virtual Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes[6..]);
        var milliseconds = (ulong)wall.GetUtcNow().ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(milliseconds >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], (ushort)(milliseconds & 0xFFFF));
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A UUIDv4, 122 random bits: for ids that must not be guessed.</summary>
    public Guid NewRandomId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Fills <paramref name="bytes"/> with cryptographic randomness.</summary>
    public virtual void Fill(Span<byte> bytes)
    {
        if (bytes.Length > BlockBytes / 4)
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }

        if (block is null || used + bytes.Length > BlockBytes)
        {
            RandomNumberGenerator.Fill(block ??= new byte[BlockBytes]);
            used = 0;
        }

        var drawn = block.AsSpan(used, bytes.Length);
        drawn.CopyTo(bytes);
        drawn.Clear();
        used += bytes.Length;
    }
}
