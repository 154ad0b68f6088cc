using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Concordat.Core;

namespace Concordat.Server.Operations;

/// <summary>
/// What makes two requests the same one: partner, method, path and the first element of the request id. The body's hash
/// tells a repetition from a mistake.
/// </summary>
/// <param name="Partner">The calling partner.</param>
/// <param name="KeyHash">SHA-256 of method, path and id.</param>
/// <param name="BodyHash">SHA-256 of the body's bytes.</param>
internal sealed record RequestKey(PartnerId Partner, byte[] KeyHash, byte[] BodyHash)
{
    /// <summary>Lets a request wait while its twin is being carried out, instead of asking it to come again.</summary>
    public bool TwinWaits { get; init; }

    /// <summary>The key, or null when the caller sent no id (then nothing is remembered).</summary>
    public static RequestKey? Of(PartnerId partner, string method, string path, string? requestId, ReadOnlySpan<byte> body)
    {
        var first = requestId.AsSpan();
        var comma = first.IndexOf(',');
        first = (comma < 0 ? first : first[..comma]).Trim();
        if (first.IsEmpty)
        {
            return null;
        }

        var text = $"{method}\n{path.ToLowerInvariant()}\n{first.ToString().ToLowerInvariant()}";
        return new RequestKey(partner, SHA256.HashData(Encoding.UTF8.GetBytes(text)), SHA256.HashData(body));
    }

    /// <summary>The lock key of this request, so that its repetition waits for it.</summary>
    public long LockKey { get; } = LockKeys.Of(Partner.Value, BinaryPrimitives.ReadInt64BigEndian(KeyHash));
}

/// <summary>64-bit keys for what operations decide about. A collision only makes two operations follow each other.</summary>
internal static class LockKeys
{
    public static long Of(PartnerId partner, CustomerId customer)
    {
        Span<byte> bytes = stackalloc byte[32];
        partner.Value.TryWriteBytes(bytes);
        customer.Value.TryWriteBytes(bytes[16..]);
        return Mix(bytes);
    }

    public static long Of(Guid first, long second)
    {
        Span<byte> bytes = stackalloc byte[24];
        first.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], second);
        return Mix(bytes);
    }

    /// <summary>What a customer did itself, whoever sells to it.</summary>
    public static long OfCustomer(CustomerId customer) => Of($"customer:{customer.Value:N}");

    /// <summary>Everything about one person's sessions.</summary>
    public static long OfPerson(Guid tenant, Guid person) => Of($"person:{tenant:N}/{person:N}");

    public static long Of(string text) => Mix(Encoding.UTF8.GetBytes(text));

    private static long Mix(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
