using System.Buffers.Text;
using Concordat.Core;

namespace Concordat.Server.Hosting;

/// <summary>
/// Where a page of customers in order of their ids ends. Opaque to callers, and good on every node and after a restart; it
/// names nothing but a place in the order, so it needs no secret.
/// </summary>
internal static class PageToken
{
    private const byte Version = 1;
    private const int Length = 17;

    public static string Of(CustomerId last)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        last.Value.TryWriteBytes(bytes[1..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The customer behind which to go on; the id of all zeros when there is no token.</summary>
    public static Outcome<CustomerId> Read(string? token, string field)
    {
        if (string.IsNullOrWhiteSpace(token))
        {
            return default(CustomerId);
        }

        Span<byte> bytes = stackalloc byte[Length];
        return Base64Url.IsValid(token, out var length) && length == Length
            && Base64Url.TryDecodeFromChars(token, bytes, out _) && bytes[0] == Version
                ? new CustomerId(new Guid(bytes[1..], bigEndian: true))
                : new Problem(ProblemCode.InvalidInput, "This is no token of an earlier page.", field);
    }
}
