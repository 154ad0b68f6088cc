using System.Security.Cryptography;

namespace Concordat.Server.Hosting;

/// <summary>The one place that makes ids and random bytes, so that a test can replay both.</summary>
internal class IdSource(TimeProvider wall)
{
    /// <summary>A UUIDv7 by the wall clock: sorts by time, 74 random bits.</summary>
    public virtual Guid NewId() => Guid.CreateVersion7(wall.GetUtcNow());

    /// <summary>Fills <paramref name="bytes"/> with cryptographic randomness.</summary>
    public virtual void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
