using System.Text;

namespace Concordat.Server.Tests;

/// <summary>Names that try to become something else: markup, a header, a formula, another direction.</summary>
internal static class HostileNames
{
    private static readonly string[] Pieces =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>", "</title><script>", "</textarea>", "<!--", "-->", "]]>",
        "<b>", "&lt;b&gt;", "&#60;script&#62;", "{{7*7}}", "${7*7}", "@Model", "javascript:alert(1)", "\" onmouseover=\"alert(1)", "' autofocus onfocus='alert(1)",
        "\r\nBcc: all@victim.example", "\r\n\r\n<html>", "\n", "\r", "\0", "\u202E", "\u2066", "\u2069", "\u200F", "=HYPERLINK(\"http://x\")", "+cmd|' /C calc'!A0",
        "=?utf-8?B?PHNjcmlwdD4=?=", "=?utf-8?q?=0D=0ABcc:x?=", "שלום", "مرحبا", "佐藤", "O'Neil", "Contoso & Sons", "{0}", "{1:f}", "%s", "\\", "`", "\uFEFF", "𝒞",
        "\t", "\v", "\u2028", "\u0085", "<base href=//evil.example>", "<meta http-equiv=refresh content=0>", "x".PadRight(60, 'x'),
    ];

    /// <summary>One to four pieces.</summary>
    public static string Next(Random random)
    {
        var name = new StringBuilder();
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            name.Append(Pieces[random.Next(Pieces.Length)]);
        }

        return name.ToString();
    }
}
