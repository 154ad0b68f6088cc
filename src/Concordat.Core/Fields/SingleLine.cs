using System.Globalization;
using System.Text;

namespace Concordat.Core.Fields;

/// <summary>
/// What every one-line text must respect before its own rule looks at it. Text is data and is kept exactly as it came:
/// no trimming, no normalisation, no stripping. Markup and formulas (<c>&lt;b&gt;</c>, <c>=HYPERLINK(</c>) are stored
/// too; what writes HTML, CSV or mail neutralises them, because only it knows its own dangers.
/// </summary>
public static class SingleLine
{
    /// <summary>What is wrong with the text, as the end of a sentence that begins with the field; null when nothing is.</summary>
    /// <param name="text">The text as it came.</param>
    /// <param name="maxLength">In UTF-16 code units.</param>
    public static string? Fault(string? text, int maxLength)
    {
        if (string.IsNullOrEmpty(text)) return "is required.";
        if (text.Length > maxLength) return FormattableString.Invariant($"must have {maxLength} characters or less.");

        var visible = false;
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) != System.Buffers.OperationStatus.Done)
                return "holds half of a surrogate pair; send well-formed Unicode.";
            if (RuneFault(rune) is { } fault) return fault;
            visible |= IsVisible(rune);
            rest = rest[consumed..];
        }
        return visible ? null : "must hold at least one visible character.";
    }

    private static string? RuneFault(Rune rune) => rune.Value switch
    {
        >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 => "must not hold characters that override the reading direction.",
        0x2028 or 0x2029 => "must be one line.",
        '\r' or '\n' => "must be one line.",
        _ when Rune.IsControl(rune) => "must not hold control characters.",
        // The 66 code points that Unicode keeps for internal use: never text.
        >= 0xFDD0 and <= 0xFDEF => "must not hold Unicode noncharacters.",
        _ when (rune.Value & 0xFFFE) == 0xFFFE => "must not hold Unicode noncharacters.",
        _ => null,
    };

    // Unassigned counts as visible: a name may use an ideograph that is younger than this runtime's tables.
    // Private use too: Japanese registries keep rare name characters (gaiji) there.
    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Control or UnicodeCategory.Format => false,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => false,
        // Letters and symbols by category that draw nothing: Hangul fillers and the empty Braille cell.
        _ => rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800),
    };
}
