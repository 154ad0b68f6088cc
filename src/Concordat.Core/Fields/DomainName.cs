using System.Globalization;
using System.Text;

namespace Concordat.Core.Fields;

/// <summary>
/// Host names of organisations: letters, digits and hyphens by RFC 1123, other scripts by IDNA. Full-width forms, which
/// IDNA would silently map to ASCII, are refused: what is stored is what mail is sent to.
/// </summary>
public static class DomainName
{
    private const int MaxLength = 253;
    private const int MaxLabel = 63;
    private const string InitialSuffix = ".onmicrosoft.com";
    private const int MaxInitialPrefix = 27;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>Any registered name with at least two labels, in lower case.</summary>
    public static Outcome<string> Parse(string? text, string field) => !string.IsNullOrEmpty(text) && IsWellFormed(text)
        ? text.ToLowerInvariant()
        : new Problem(ProblemCode.InvalidInput, "The domain must be a host name such as contoso.com.", field);

    /// <summary>A new customer's first domain, <c>contoso.onmicrosoft.com</c>, in lower case: the prefix has 1 to 27
    /// ASCII letters, digits and inner hyphens.</summary>
    public static Outcome<string> ParseInitial(string? text, string field)
    {
        var good = text is not null && text.EndsWith(InitialSuffix, StringComparison.OrdinalIgnoreCase)
            && text.Length - InitialSuffix.Length is >= 1 and <= MaxInitialPrefix
            && IsAsciiLabel(text.AsSpan(..^InitialSuffix.Length));
        return good
            ? text!.ToLowerInvariant()
            : new Problem(
                ProblemCode.InvalidInput, "The domain must be 1 to 27 letters or digits before .onmicrosoft.com.", field);
    }

    /// <summary>Two labels or more, the last of them no number, no dot at either end.</summary>
    internal static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength) return false;
        var labels = 0;
        ReadOnlySpan<char> last = default;
        foreach (var range in text.Split('.'))
        {
            last = text[range];
            if (!(Ascii.IsValid(last) ? IsAsciiLabel(last) : IsUnicodeLabel(last))) return false;
            labels++;
        }
        return labels >= 2 && (!Ascii.IsValid(last) || last.Length >= 2) && last.ContainsAnyExceptInRange('0', '9');
    }

    private static bool IsAsciiLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > MaxLabel || label[0] == '-' || label[^1] == '-') return false;
        foreach (var c in label)
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
        return true;
    }

    private static bool IsUnicodeLabel(ReadOnlySpan<char> label)
    {
        if (label.Length > MaxLabel) return false;
        foreach (var rune in label.EnumerateRunes())
        {
            var mark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            if (!Rune.IsLetterOrDigit(rune) && !mark && rune.Value != '-') return false;
            if (rune.Value is >= 0xFF00 and <= 0xFFEF) return false;
        }
        try
        {
            return Idn.GetAscii(label.ToString()).Length <= MaxLabel;
        }
        catch (ArgumentException)
        {
            // The framework's only way to say that IDNA forbids a label.
            return false;
        }
    }
}
