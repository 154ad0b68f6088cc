using System.Text.RegularExpressions;

namespace Concordat.Core.Fields;

/// <summary>
/// A phone number as people write it: digits (full-width too, as Japanese keyboards give them), blanks and
/// <c>+ ( ) - . /</c>, then an extension (<c>ext. 12</c>, <c>x12</c>, <c>#12</c>, <c>内線12</c>). Optional everywhere
/// except beside a registration number. Kept as it came.
/// </summary>
public static class PhoneNumber
{
    /// <summary>In UTF-16 code units.</summary>
    public const int MaxLength = 32;

    // The longest international number (E.164), and the shortest worth keeping.
    private const int MaxDigits = 15;
    private const int MinDigits = 3;

    private static readonly Regex Shape = new(
        @"\A(?<number>[(（]?[+＋]?[0-9０-９ \u00A0\u3000()（）./\-‐‑–ー－]*?)(?:(?:;ext=|ext\.?|x|#|内線) ?[0-9０-９]{1,8})?\z",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>The number as it came, an empty text for null or empty, or <see cref="ProblemCode.InvalidInput"/>.</summary>
    public static Outcome<string> ParseOptional(string? text, string field)
    {
        if (string.IsNullOrEmpty(text)) return "";
        return text.Length <= MaxLength && IsNumber(text)
            ? text
            : new Problem(ProblemCode.InvalidInput, "The phone number must be one of 3 to 15 digits, or left out.", field);
    }

    private static bool IsNumber(string text)
    {
        var match = Shape.Match(text);
        if (!match.Success) return false;
        var digits = 0;
        foreach (var c in match.Groups["number"].ValueSpan)
            if (c is >= '0' and <= '9' or >= '０' and <= '９') digits++;
        return digits is >= MinDigits and <= MaxDigits;
    }
}
