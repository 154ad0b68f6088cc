using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Concordat.Core.Agreements;
using Concordat.Core.Agreements.Texts;

namespace Concordat.Server.Operations;

/// <summary>
/// Lasting links to one agreement text, for mails and records: nobody can guess one, it never expires, and it names the
/// text's digest, so that it opens exactly that text or says that it cannot. Nothing is stored: any node answers any link.
/// </summary>
/// <param name="key">32 bytes, the same on every node.</param>
internal sealed class TextLinks(byte[] key)
{
    /// <summary>Where the text answers; the token follows.</summary>
    public const string Path = "/agreement-texts/";

    // Layout, signed as a whole: format, agreement type, version, country, SHA-256 of the text, language.
    private const byte Format = 1;
    private const int CountryAt = 3;
    private const int DigestAt = 5;
    private const int LanguageAt = DigestAt + SHA256.HashSizeInBytes;
    private const int MaxToken = 256;

    /// <summary>The token of a text as it is now.</summary>
    public string Create(AgreementText text) => Create(text, text.Sha256.Span);

    /// <summary>The token of a text with the digest that was shown: it opens nothing once the text is another one.</summary>
    public string Create(AgreementText text, ReadOnlySpan<byte> sha256)
    {
        var file = text.File;
        var payload = new byte[LanguageAt + file.Language.Length];
        (payload[0], payload[1], payload[2]) = (Format, (byte)file.Type, (byte)file.Version);
        Encoding.ASCII.GetBytes(file.Country, payload.AsSpan(CountryAt, 2));
        sha256.CopyTo(payload.AsSpan(DigestAt));
        Encoding.ASCII.GetBytes(file.Language, payload.AsSpan(LanguageAt));
        return Base64Url.EncodeToString([.. payload, .. HMACSHA256.HashData(key, payload)]);
    }

    /// <summary>
    /// The text behind a token of any origin: null when the token was not made here. <paramref name="same"/> is false when the
    /// text has changed since, and then it must not be shown in its place.
    /// </summary>
    public AgreementText? Find(string token, out bool same)
    {
        same = false;
        var bytes = new byte[MaxToken];
        if (token.Length > MaxToken || Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done
            || length <= LanguageAt + HMACSHA256.HashSizeInBytes || token != Base64Url.EncodeToString(bytes.AsSpan(0, length)))
        {
            return null;
        }

        var payload = bytes.AsSpan(0, length - HMACSHA256.HashSizeInBytes);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, payload), bytes.AsSpan(payload.Length, HMACSHA256.HashSizeInBytes)))
        {
            return null;
        }

        var text = AgreementTexts.Of(new AgreementFile((AgreementType)payload[1], payload[2],
            Encoding.ASCII.GetString(payload[CountryAt..DigestAt]), Encoding.ASCII.GetString(payload[LanguageAt..])));
        same = text.Sha256.Span.SequenceEqual(payload[DigestAt..LanguageAt]);
        return text;
    }
}
