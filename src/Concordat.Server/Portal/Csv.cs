using System.Text;

namespace Concordat.Server.Portal;

/// <summary>
/// Writes comma-separated values (RFC 4180) that no spreadsheet takes for a formula: every field is quoted, and one that
/// would begin a formula gets an apostrophe in front. A program takes it away again: where a field begins with an apostrophe
/// and the rest would get one, the first character is not part of the value.
/// </summary>
internal static class Csv
{
    /// <summary>What spreadsheets need to read UTF-8 as such.</summary>
    public static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>One row with its line end.</summary>
    public static string Row(params IEnumerable<string> fields)
    {
        var row = new StringBuilder();
        foreach (var field in fields)
        {
            row.Append(row.Length == 0 ? "\"" : ",\"").Append(Safe(field).Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        return row.Append("\r\n").ToString();
    }

    /// <summary>The field, with an apostrophe in front when a spreadsheet might calculate it.</summary>
    public static string Safe(string field)
    {
        foreach (var c in field)
        {
            if (c is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠')
            {
                return "'" + field;
            }

            if (!char.IsWhiteSpace(c) && c is not ('"' or '\'' or '＂' or '＇' or '“' or '”' or '‘' or '’'))
            {
                return field;
            }
        }

        return field;
    }
}
