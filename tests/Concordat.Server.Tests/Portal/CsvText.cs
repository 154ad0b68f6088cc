using System.Text;
using System.Text.RegularExpressions;

namespace Concordat.Server.Tests.Portal;

/// <summary>Reads comma-separated values by RFC 4180 and judges their fields as a spreadsheet would; knows nothing of the writer.</summary>
internal static partial class CsvText
{
    /// <summary>Every row of a text without its byte order mark; fails where a field is not quoted or a line does not end in CRLF.</summary>
    public static List<List<string>> Read(string text)
    {
        var rows = new List<List<string>>();
        var at = 0;
        while (at < text.Length)
        {
            var row = new List<string>();
            do
            {
                Assert.Equal('"', text[at++]);
                var field = new StringBuilder();
                while (text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"'))
                {
                    at += text[at] == '"' ? 1 : 0;
                    field.Append(text[at++]);
                }

                at++;
                row.Add(field.ToString());
            }
            while (text[at++] == ',');
            Assert.Equal("\r\n", text[(at - 1)..(at + 1)]);
            at++;
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>True when the field's first sign that is no space is one that begins a formula.</summary>
    public static bool BeginsFormula(string field) => Formula().IsMatch(field);

    /// <summary>The value as it was, by the documented rule.</summary>
    public static string Undo(string field) => field.StartsWith('\'') && QuotedFormula().IsMatch(field[1..]) ? field[1..] : field;

    [GeneratedRegex(@"^\s*[=+\-@＝＋－＠]|^[\t\r]")]
    private static partial Regex Formula();

    [GeneratedRegex(@"^[\s""'“”‘’＂＇]*[=+\-@＝＋－＠]|^[\t\r\n]")]
    private static partial Regex QuotedFormula();
}
