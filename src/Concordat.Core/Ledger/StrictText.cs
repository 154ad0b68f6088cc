using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Concordat.Core.Ledger;

/// <summary>Spellings of which there is exactly one for each value, so that no byte of a receipt can be changed unseen.</summary>
internal static class StrictText
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Padded base64 as its only canonical spelling; null for everything else, the empty text too.</summary>
    public static byte[]? Base64(string text)
    {
        var bytes = new byte[text.Length];
        return text.Length > 0 && Convert.TryFromBase64String(text, bytes, out var count) && Convert.ToBase64String(bytes, 0, count) == text
            ? bytes[..count]
            : null;
    }

    /// <summary>Unpadded base64url as its only canonical spelling; null for everything else.</summary>
    public static byte[]? UrlBase64(string text)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            return Base64Url.EncodeToString(bytes) == text ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Decimal digits without sign and leading zero, up to 2^63 - 1.</summary>
    public static long? Number(string text) =>
        text.Length > 0 && (text[0] != '0' || text.Length == 1) &&
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>The text of well-formed UTF-8; null otherwise.</summary>
    public static string? Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>64 lower-case hex digits.</summary>
    public static bool IsSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit) && !text.Any(char.IsAsciiLetterUpper);

    /// <summary>The name of a key: not empty, neither a blank nor <c>+</c> nor an ASCII control character in it.</summary>
    public static bool IsKeyName(string name) => name.Length > 0 && !name.Any(c => c is ' ' or '+' || IsControl(c));

    /// <summary>An ASCII control character.</summary>
    public static bool IsControl(char c) => c is < ' ' or '\x7f';
}
