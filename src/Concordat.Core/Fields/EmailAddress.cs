using System.Globalization;
using System.Text;

namespace Concordat.Core.Fields;

/// <summary>
/// One mailbox, <c>local@domain</c>: a check of the format and of nothing else, as Partner Center's is. Dot-atom local
/// parts only, also in UTF-8 (RFC 6531). Quoted local parts, comments, IP literals and display names are refused: no
/// signatory's mailbox needs them, and they are where header injection hides.
/// </summary>
public static class EmailAddress
{
    /// <summary>RFC 5321, in UTF-8 bytes.</summary>
    public const int MaxBytes = 254;

    private const int MaxLocalBytes = 64;
    private const string AtomPunctuation = "!#$%&'*+-/=?^_`{|}~";

    /// <summary>The address as it came (case included), or <see cref="ProblemCode.InvalidInput"/>.</summary>
    public static Outcome<string> Parse(string? text, string field)
    {
        if (string.IsNullOrEmpty(text)) return Refuse("The e-mail address is required.", field);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var good = text.Length <= MaxBytes && at > 0
            && IsLocalPart(text.AsSpan(..at)) && DomainName.IsWellFormed(text.AsSpan((at + 1)..))
            && Encoding.UTF8.GetByteCount(text) <= MaxBytes;
        return good ? text : Refuse("The e-mail address must be one address of the form name@example.com.", field);
    }

    /// <summary>
    /// The contact of a customer's billing profile: besides the format, the domain may be neither microsoft.com nor the
    /// partner's own (domain reference, section B).
    /// </summary>
    public static Outcome<string> ParseForBilling(string? text, string field, string? partnerDomain = null)
    {
        var parsed = Parse(text, field);
        if (!parsed.TryGetValue(out var address, out _)) return parsed;
        var domain = address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var foreign = !domain.Equals("microsoft.com", StringComparison.OrdinalIgnoreCase)
            && !domain.Equals(partnerDomain, StringComparison.OrdinalIgnoreCase);
        return foreign ? parsed : Refuse("The e-mail address must be the customer's: not Microsoft's, not the partner's.", field);
    }

    private static bool IsLocalPart(ReadOnlySpan<char> local)
    {
        if (Encoding.UTF8.GetByteCount(local) > MaxLocalBytes) return false;
        if (local[0] == '.' || local[^1] == '.' || local.IndexOf("..", StringComparison.Ordinal) >= 0) return false;
        while (!local.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(local, out var rune, out var consumed) != System.Buffers.OperationStatus.Done) return false;
            if (!IsAtom(rune)) return false;
            local = local[consumed..];
        }
        return true;
    }

    private static bool IsAtom(Rune rune) => rune.IsAscii
        ? char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value == '.' || AtomPunctuation.Contains((char)rune.Value)
        : Rune.IsLetterOrDigit(rune) && rune.Value is not (>= 0xFF00 and <= 0xFFEF or 0x3164 or 0x115F or 0x1160)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static Problem Refuse(string message, string field) => new(ProblemCode.InvalidInput, message, field);
}
