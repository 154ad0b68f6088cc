namespace Concordat.Server.Tests.Wire;

/// <summary>One request and the answer it must get.</summary>
/// <param name="Caller">Who sends it: partner and role, or one of the words of <see cref="Callers"/>.</param>
/// <param name="Request">Request line (without the version), then headers.</param>
/// <param name="Body">The body as it is sent.</param>
/// <param name="Status">The status.</param>
/// <param name="Headers">Patterns by name; <c>-</c> for a header that must be absent.</param>
/// <param name="Answer">The body's pattern.</param>
internal sealed record Exchange(
    string Caller, IReadOnlyList<string> Request, string Body, int Status, IReadOnlyList<(string Name, string Pattern)> Headers, string Answer);

/// <summary>A file of tests/Golden/wire; its format is described in tests/Golden/wire/README.md.</summary>
internal sealed record WireSample(string Name, string Title, ILookup<string, string> Settings, IReadOnlyList<Exchange> Exchanges)
{
    private static readonly string[] Known = ["origin", "source", "attestation", "caller", "customer", "clock", "switches", "ledger", "never"];
    private static readonly string[] Origins = ["documented", "recorded", "seen in a client", "own"];

    public string? Setting(string name) => Settings[name].FirstOrDefault();

    public static WireSample Read(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var parts = File.ReadAllText(path).Split("\n>>>");
        var lines = parts[0].Split('\n');
        var settings = lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(": ", 2))
            .ToLookup(pair => pair[0], pair => pair[1]);
        var sample = new WireSample(name, lines[0].TrimStart('#', ' '), settings,
            [.. parts.Skip(1).Select(part => ReadExchange(part, settings["caller"].FirstOrDefault() ?? "aozora admin"))]);
        var fault = settings.FirstOrDefault(setting => !Known.Contains(setting.Key))?.Key;
        return fault is null && Origins.Contains(sample.Setting("origin")) && sample.Setting("source") is not null && sample.Exchanges.Count > 0
            ? sample
            : throw new InvalidDataException($"{name}: {fault ?? "origin, source or exchange"} is missing or unknown.");
    }

    private static Exchange ReadExchange(string text, string caller)
    {
        var halves = text.Split("\n<<<\n");
        var lines = halves[0].Split('\n', 2);
        var (request, body) = Message(lines[1]);
        var (answer, expected) = Message(halves[1]);
        return new Exchange(
            lines[0].Trim() is { Length: > 0 } own ? own : caller, request, body,
            int.Parse(answer[0], System.Globalization.CultureInfo.InvariantCulture),
            [.. answer.Skip(1).Select(line => line.Split(": ", 2)).Select(pair => (pair[0], pair[1]))], expected);
    }

    private static (string[] Head, string Body) Message(string text)
    {
        var parts = text.Trim('\n').Split("\n\n", 2);
        return (parts[0].Split('\n'), parts.Length > 1 ? parts[1] : "");
    }
}
