using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Concordat.Server.Hosting.Identity;

/// <summary>
/// A token that reads as a signed JWT (RFC 7515, compact form). Nothing in it is believed yet. <c>Signed</c> are the
/// ASCII bytes that the signature covers: the first two parts and the dot between them.
/// </summary>
internal sealed record CompactToken(TokenHeader Header, TokenClaims Claims, byte[] Signed, byte[] Signature)
{
    /// <summary>Null when it is not exactly three parts of canonical base64url around two JSON objects of our shape.</summary>
    public static CompactToken? Parse(ReadOnlySpan<char> token)
    {
        var first = token.IndexOf('.');
        var last = token.LastIndexOf('.');
        if (first == last || token[(first + 1)..last].Contains('.'))
            return null;
        if (Decode(token[..first]) is not { } header
            || Decode(token[(first + 1)..last]) is not { } payload
            || Decode(token[(last + 1)..]) is not { Length: > 0 } signature)
            return null;
        try
        {
            return JsonSerializer.Deserialize(header, TokenJson.Default.TokenHeader) is { } read
                && JsonSerializer.Deserialize(payload, TokenJson.Default.TokenClaims) is { } claims
                    ? new CompactToken(read, claims, Encoding.ASCII.GetBytes(token[..last].ToArray()), signature)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// The framework's decoder forgives white space and padding, so that one token would have many spellings; here it
    /// has one.
    /// </summary>
    private static byte[]? Decode(ReadOnlySpan<char> part)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(part.Length)];
        if (Base64Url.DecodeFromChars(part, bytes, out _, out var length) != OperationStatus.Done)
            return null;
        Array.Resize(ref bytes, length);
        return part.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
    }
}
