using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Concordat.Core;

namespace Concordat.Server.Hosting;

/// <summary>
/// Continuation tokens: a place in a list that the client carries for us. Signed for the partner and the list they were made
/// for, so that no client can make a place up, or use another partner's or another list's. They do not expire, and any node
/// can read them.
/// </summary>
/// <param name="key">The same on every node.</param>
internal sealed class PageTokens(byte[] key)
{
    private const int IdBytes = 16;

    /// <summary>A token that holds the bytes; opaque, fit for a header.</summary>
    public string Create(PartnerId partner, string list, ReadOnlySpan<byte> place) =>
        Base64Url.EncodeToString([.. place, .. Sign(partner, list, place)]);

    /// <summary>A token for a list in order of its customers' ids, which goes on behind <paramref name="last"/>.</summary>
    public string Create(PartnerId partner, string list, CustomerId last) => Create(partner, list, last.Value.ToByteArray(bigEndian: true));

    /// <summary>The bytes of a token that was made for this partner and list; null for any other text.</summary>
    public byte[]? Read(PartnerId partner, string list, string token)
    {
        if (!Base64Url.IsValid(token, out var length) || length <= HMACSHA256.HashSizeInBytes)
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        var place = bytes[..^HMACSHA256.HashSizeInBytes];
        return CryptographicOperations.FixedTimeEquals(Sign(partner, list, place), bytes.AsSpan(place.Length)) ? place : null;
    }

    /// <summary>The customer behind which to go on; the id of all zeros when there is no token.</summary>
    public Outcome<CustomerId> ReadCustomer(PartnerId partner, string list, string? token, string field) =>
        string.IsNullOrWhiteSpace(token) ? default(CustomerId)
        : Read(partner, list, token) is { Length: IdBytes } place ? new CustomerId(new Guid(place, bigEndian: true))
        : new Problem(ProblemCode.InvalidInput, "This is no token of an earlier page.", field);

    private byte[] Sign(PartnerId partner, string list, ReadOnlySpan<byte> place)
    {
        // The list's name comes last and names hold no NUL, so no place can pass for part of it.
        byte[] signed = [.. partner.Value.ToByteArray(bigEndian: true), .. place, 0, .. Encoding.UTF8.GetBytes(list)];
        return HMACSHA256.HashData(key, signed);
    }
}
