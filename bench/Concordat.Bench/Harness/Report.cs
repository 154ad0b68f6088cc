using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Concordat.Bench.Harness;

/// <summary>One figure as measured.</summary>
/// <param name="Name">Its name in bench/results.json.</param>
/// <param name="Value">The value.</param>
/// <param name="Unit"><c>ratio</c>, <c>s</c> or <c>bytes</c>.</param>
/// <param name="Detail">Rates and CPU per request, for the table.</param>
internal sealed record Figure(string Name, double Value, string Unit, string Detail);

/// <summary>
/// Writes figures: bench/results.json holds the named ones, docs/performance.md a row for each, found by its name. The text
/// of a row (what, beside what, goal) is the document's own; only the last three cells are replaced.
/// </summary>
internal sealed class Report(string resultsFile, string? documentFile, string commit)
{
    private const int ValueCell = 5;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Keeps the figures of one match at once, so that a run that breaks off has not lost them.</summary>
    public void Keep(IReadOnlyCollection<Figure> figures)
    {
        foreach (var figure in figures)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  => {figure.Name} = {figure.Value:0.###} {figure.Unit}"));
        }

        WriteResults([.. figures.Where(figure => FigureNames.All.Contains(figure.Name))]);
        if (documentFile is not null)
        {
            File.WriteAllText(documentFile, string.Join('\n', File.ReadAllText(documentFile).Split('\n').Select(line => Row(line, figures))));
        }
    }

    private void WriteResults(IReadOnlyCollection<Figure> figures)
    {
        var known = File.Exists(resultsFile) ? JsonNode.Parse(File.ReadAllText(resultsFile))!["results"]!.AsArray() : [];
        var byName = known.ToDictionary(one => one!["name"]!.GetValue<string>(), one => one!.DeepClone());
        foreach (var figure in figures)
        {
            byName[figure.Name] = new JsonObject
            {
                ["name"] = figure.Name,
                ["value"] = Math.Round(figure.Value, 3),
                ["unit"] = figure.Unit,
                ["command"] = $"bench/run --only {figure.Name}",
                ["commit"] = commit,
            };
        }

        Directory.CreateDirectory(Path.GetDirectoryName(resultsFile)!);
        var results = new JsonArray([.. FigureNames.All.Where(byName.ContainsKey).Select(name => byName[name])]);
        File.WriteAllText(resultsFile, new JsonObject { ["results"] = results }.ToJsonString(Indented) + "\n");
    }

    private string Row(string line, IReadOnlyCollection<Figure> figures)
    {
        var cells = line.Split('|');
        if (cells.Length != ValueCell + 4 || figures.FirstOrDefault(one => cells[1].Trim() == $"`{one.Name}`") is not { } figure)
        {
            return line;
        }

        cells[ValueCell] = string.Create(CultureInfo.InvariantCulture, $" {figure.Value:0.###}{(figure.Unit == "ratio" ? "" : " " + figure.Unit)} ");
        cells[ValueCell + 1] = $" {figure.Detail} ";
        cells[ValueCell + 2] = $" {commit} ";
        return string.Join('|', cells);
    }
}

/// <summary>Every figure that results.json has to hold.</summary>
internal static class FigureNames
{
    public static readonly IReadOnlyList<string> All =
    [
        "precheck_vs_empty", "precheck_vs_raw", "precheck_10m_vs_1k", "precheck_bytes_per_customer", "order_refused_vs_empty",
        "order_accepted_vs_empty", "confirm_vs_empty", "confirm_pg_vs_textbook", "confirm_sqlite_vs_limit", "confirm_pg_vs_limit",
        "confirm_slow_disk_vs_fast", "read_vs_raw", "read_vs_ef", "precheck_vs_best_standin", "start_1k_extra_s", "start_1m_extra_s",
        "idle_memory_vs_empty", "accept_page_vs_empty_page", "accept_post_vs_empty_page", "attestations_per_s",
    ];
}
