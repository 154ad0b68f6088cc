namespace Concordat.Core.Tests.Rules;

/// <summary>
/// C# source with comments, preprocessor lines and the contents of literals blanked, line breaks kept, so that braces can
/// be counted without a compiler. Known limit: a raw interpolated string whose hole holds a raw string of its own.
/// </summary>
internal static class CSharpText
{
    public static string WithoutLiterals(string text)
    {
        var result = text.ToCharArray();
        for (var at = 0; at < text.Length;)
        {
            var end = EndOfBlank(text, at);
            for (var i = at; i < end; i++)
            {
                result[i] = text[i] == '\n' ? '\n' : ' ';
            }

            at = Math.Max(end, at + 1);
        }

        return new string(result);
    }

    /// <summary>The end of the comment or literal that starts at <paramref name="at"/>, or <paramref name="at"/> itself.</summary>
    private static int EndOfBlank(string text, int at) => text[at] switch
    {
        '/' when Starts(text, at, "//") => IndexOrEnd(text, "\n", at),
        '/' when Starts(text, at, "/*") => Past(text, "*/", at + 2),
        '#' when text[LineStart(text, at)..at].Trim().Length == 0 => IndexOrEnd(text, "\n", at),
        '\'' => EndOfCharacter(text, at),
        '"' or '$' or '@' => EndOfString(text, at),
        _ => at,
    };

    private static int EndOfCharacter(string text, int at) =>
        Past(text, "'", Starts(text, at + 1, "\\") ? at + 3 : at + 1);

    private static int EndOfString(string text, int at)
    {
        var start = at;
        while (start < text.Length && text[start] is '$' or '@')
        {
            start++;
        }

        if (!Starts(text, start, "\""))
        {
            return at;
        }

        var prefix = text[at..start];
        var quotes = 0;
        while (Starts(text, start + quotes, "\""))
        {
            quotes++;
        }

        if (quotes >= 3)
        {
            return Past(text, new string('"', quotes), start + quotes);
        }

        return EndOfQuoted(text, start + 1, prefix.Contains('@', StringComparison.Ordinal), prefix.Contains('$', StringComparison.Ordinal));
    }

    private static int EndOfQuoted(string text, int at, bool verbatim, bool interpolated)
    {
        while (at < text.Length)
        {
            if ((verbatim && Starts(text, at, "\"\"")) || (interpolated && Starts(text, at, "{{")) || (!verbatim && text[at] == '\\'))
            {
                at += 2;
            }
            else if (text[at] == '"')
            {
                return at + 1;
            }
            else
            {
                at = interpolated && text[at] == '{' ? EndOfHole(text, at + 1) : at + 1;
            }
        }

        return at;
    }

    private static int EndOfHole(string text, int at)
    {
        for (var depth = 1; at < text.Length && depth > 0;)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            at = Math.Max(EndOfBlank(text, at), at + 1);
        }

        return at;
    }

    private static bool Starts(string text, int at, string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    private static int LineStart(string text, int at) => text.LastIndexOf('\n', at) + 1;

    private static int IndexOrEnd(string text, string what, int from)
    {
        var index = from > text.Length ? -1 : text.IndexOf(what, from, StringComparison.Ordinal);
        return index < 0 ? text.Length : index;
    }

    private static int Past(string text, string what, int from) => Math.Min(text.Length, IndexOrEnd(text, what, from) + what.Length);
}
