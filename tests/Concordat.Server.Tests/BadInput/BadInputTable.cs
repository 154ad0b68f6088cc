using System.Text.RegularExpressions;

namespace Concordat.Server.Tests.BadInput;

/// <summary>One class of input at some places, and what becomes of it there.</summary>
/// <param name="Class">Its name in the list of classes.</param>
/// <param name="Value">JSON text of the value; for HTTP classes empty, the code makes the request.</param>
/// <param name="Expected"><c>accepted</c>, <c>ignored</c>, <c>400/800002</c>, or <c>kestrel 414</c> when the web server answers itself,
/// <c>unanswered</c> when the client has gone; <c>in record 400/600002</c> is the outcome of the record alone.</param>
internal sealed record BadInputRow(string Class, string Value, string Expected)
{
    public bool Passes => Expected is "accepted" or "ignored";

    /// <summary>0 when nobody is left to answer.</summary>
    public int Status => Expected == "unanswered" ? 0 : int.Parse(Expected.Split(' ')[^1].Split('/')[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The fault's code, a word on our own surface; null when Kestrel answers before the application sees the request.</summary>
    public string? Code => Expected.Split('/') is [_, var code] ? code : null;

    /// <summary>The call as a whole is answered well.</summary>
    public bool InRecord => Expected.StartsWith("in record ", StringComparison.Ordinal);
}

/// <summary>Rows that share their places.</summary>
internal sealed record BadInputSection(string Name, IReadOnlyList<string> Places, IReadOnlyList<BadInputRow> Rows);

/// <summary>Reads tests/Golden/bad-input.txt; it knows nothing of the field rules.</summary>
internal static partial class BadInputTable
{
    public static IReadOnlyList<BadInputSection> Sections { get; } = Read(File.ReadAllLines(GoldenFolder.File("bad-input.txt")));

    private static List<BadInputSection> Read(IEnumerable<string> lines)
    {
        var sections = new List<BadInputSection>();
        var rows = new List<BadInputRow>();
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == '[')
            {
                var end = line.IndexOf(']', StringComparison.Ordinal);
                sections.Add(new BadInputSection(line[1..end], line[(end + 1)..].Trim().Split("; "), rows = []));
                continue;
            }

            var cells = line.Split(" | ").Select(cell => cell.Trim()).ToArray();
            rows.Add(cells.Length == 2 ? new BadInputRow(cells[0], "", cells[1]) : new BadInputRow(cells[0], Repeated(cells[1]), cells[2]));
        }

        return sections;
    }

    /// <summary>A text such as <c>"ab"*3</c> written out.</summary>
    private static string Repeated(string value) => Repetition().Match(value) is { Success: true } match
        ? $"\"{string.Concat(Enumerable.Repeat(match.Groups[1].Value, int.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture)))}\""
        : value;

    [GeneratedRegex("\\A\"(.+)\"\\*([0-9]+)\\z")]
    private static partial Regex Repetition();
}
