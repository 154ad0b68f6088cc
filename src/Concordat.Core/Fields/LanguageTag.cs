namespace Concordat.Core.Fields;

/// <summary>
/// A language tag by the grammar of BCP 47, seen from outside: whether the parts are registered is not looked at, as an
/// unknown language falls back. Underscores (<c>en_US</c>) are another grammar and refused.
/// </summary>
public static class LanguageTag
{
    private const int MaxLength = 35;
    private const int MaxSubtag = 8;

    /// <summary>The tag with its usual casing (<c>sr-Latn-RS</c>), or <see cref="ProblemCode.InvalidInput"/>.</summary>
    public static Outcome<string> Parse(string? text, string field) => text is not null && IsWellFormed(text)
        ? Canonical(text)
        : new Problem(ProblemCode.InvalidInput, "The language must be a tag such as en-US or ja-JP.", field);

    private static bool IsWellFormed(string text)
    {
        if (text.Length > MaxLength) return false;
        var index = 0;
        foreach (var range in text.AsSpan().Split('-'))
        {
            var part = text.AsSpan(range);
            if (part.Length is 0 or > MaxSubtag) return false;
            foreach (var c in part)
                if (!(index == 0 ? char.IsAsciiLetter(c) : char.IsAsciiLetterOrDigit(c))) return false;
            // One letter stands for a private (x) or grandfathered (i) tag and needs something behind it.
            if (index == 0 && part.Length == 1 && (part[0] is not ('x' or 'X' or 'i' or 'I') || text.Length < 3)) return false;
            index++;
        }
        return true;
    }

    private static string Canonical(string text)
    {
        var parts = text.ToLowerInvariant().Split('-');
        if (parts[0].Length == 1) return string.Join('-', parts);
        for (var i = 1; i < parts.Length && parts[i].Length > 1; i++)
            parts[i] = parts[i].Length switch
            {
                2 => parts[i].ToUpperInvariant(),
                4 => char.ToUpperInvariant(parts[i][0]) + parts[i][1..],
                _ => parts[i],
            };
        return string.Join('-', parts);
    }
}
