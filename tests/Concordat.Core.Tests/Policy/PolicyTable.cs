using System.Globalization;

namespace Concordat.Core.Tests.Policy;

/// <summary>
/// Reads tests/Golden/policy-table.txt. It knows nothing of the engine: words and dates only, so that the two can disagree.
/// </summary>
internal sealed class PolicyTable
{
    public sealed record Line(int Number, string[] Standings, string[] Actions, string[] Channels, string[] Environments,
        DateTimeOffset From, DateTimeOffset To, string Verdict, string Source)
    {
        public bool Matches(string standing, string action, string channel, string environment, DateTimeOffset at) =>
            Has(Standings, standing) && Has(Actions, action) && Has(Channels, channel) && Has(Environments, environment)
            && at >= From && at < To;

        private static bool Has(string[] words, string word) => words is ["*"] || words.Contains(word);
    }

    public IReadOnlyList<Line> Lines { get; }

    public PolicyTable(string path)
    {
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = new List<Line>();
        var number = 0;
        foreach (var text in File.ReadLines(path))
        {
            number++;
            if (text.Length == 0 || text[0] == '#') continue;
            if (text[0] == '@' && text.Split(" = ") is [var name, var list]) groups.Add(name, list);
            else lines.Add(Read(number, text, groups));
        }
        Lines = lines;
    }

    /// <summary>All midnights at which some line starts or ends.</summary>
    public IEnumerable<DateTimeOffset> Boundaries => Lines.SelectMany(l => new[] { l.From, l.To })
        .Where(d => d != DateTimeOffset.MinValue && d != DateTimeOffset.MaxValue).Distinct();

    private static Line Read(int number, string text, Dictionary<string, string> groups)
    {
        var cells = text.Split(" | ", 7);
        var dates = cells[4].Split("..");
        return new(number, List(cells[0]), List(cells[1]), List(cells[2]), List(cells[3]), Date(dates[0], DateTimeOffset.MinValue),
            Date(dates[1], DateTimeOffset.MaxValue), cells[5], cells[6]);

        string[] List(string cell) =>
            [.. cell.Split(", ").SelectMany(word => word[0] == '@' ? groups[word].Split(", ") : [word])];
    }

    private static DateTimeOffset Date(string text, DateTimeOffset whenEmpty) => text.Length == 0
        ? whenEmpty
        : DateTimeOffset.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
