using System.Globalization;
using System.Text;

namespace Concordat.Server.Background.Mails;

/// <summary>
/// How text enters a header: plain where it is letters, digits and blanks, else as encoded words (RFC 2047), so that no
/// character of it can mean anything to a reader of headers.
/// </summary>
internal static class HeaderText
{
    // An encoded word has at most 75 characters: "=?utf-8?B?" and "?=" leave 63, in whole groups of 4 60, which are 45 bytes.
    private const int WordBytes = 45;

    /// <summary>True when the text may stand in a header at all: well-formed, one line, no control characters.</summary>
    public static bool IsClean(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != System.Buffers.OperationStatus.Done
                || Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return false;
            }

            rest = rest[used..];
        }

        return true;
    }

    /// <summary>The value of an unstructured header or a display name, folded.</summary>
    public static string Encode(string text)
    {
        if (text.Length <= 60 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == ' ') && text.Trim().Length == text.Length && !text.Contains("  ", StringComparison.Ordinal))
        {
            return text;
        }

        var words = new List<string>();
        var word = new byte[WordBytes];
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (length + rune.Utf8SequenceLength > WordBytes)
            {
                words.Add(Word(word.AsSpan(0, length)));
                length = 0;
            }

            length += rune.EncodeToUtf8(word.AsSpan(length));
        }

        words.Add(Word(word.AsSpan(0, length)));
        return string.Join("\r\n ", words);
    }

    private static string Word(ReadOnlySpan<byte> bytes) => $"=?utf-8?B?{Convert.ToBase64String(bytes)}?=";
}
