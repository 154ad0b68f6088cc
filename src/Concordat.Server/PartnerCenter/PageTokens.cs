using System.Buffers.Text;
using System.Security.Cryptography;
using Concordat.Core;

namespace Concordat.Server.PartnerCenter;

/// <summary>
/// Continuation tokens: a place in a list that the client carries for us. Signed for the partner they were made for, so
/// that no client can make a place up or use another partner's. They do not expire, and any node can read them.
/// </summary>
/// <param name="key">The same on every node.</param>
internal sealed class PageTokens(byte[] key)
{
    private const int PartnerBytes = 16;

    /// <summary>A token that holds the bytes; opaque, fit for a header.</summary>
    public string Create(PartnerId partner, ReadOnlySpan<byte> place) => Base64Url.EncodeToString([.. place, .. Sign(partner, place)]);

    /// <summary>The bytes of a token that was made for this partner; null for any other text.</summary>
    public byte[]? Read(PartnerId partner, string token)
    {
        if (!Base64Url.IsValid(token, out var length) || length <= HMACSHA256.HashSizeInBytes)
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        var place = bytes[..^HMACSHA256.HashSizeInBytes];
        return CryptographicOperations.FixedTimeEquals(Sign(partner, place), bytes.AsSpan(place.Length)) ? place : null;
    }

    private byte[] Sign(PartnerId partner, ReadOnlySpan<byte> place)
    {
        var signed = new byte[PartnerBytes + place.Length];
        partner.Value.TryWriteBytes(signed);
        place.CopyTo(signed.AsSpan(PartnerBytes));
        return HMACSHA256.HashData(key, signed);
    }
}
