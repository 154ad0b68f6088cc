using System.Globalization;
using System.Text;
using System.Text.Json;
using Concordat.Core.Agreements;

namespace Concordat.Core.Policy;

/// <summary>
/// The dated rules, validated as a whole and ready to be asked. The order of the text never matters: rules are kept by start,
/// then by id. Immutable, safe to share.
/// </summary>
public sealed class PolicyTimeline
{
    private readonly TimelineRule[] rules;
    private readonly AttestationTable attestations;
    private readonly long[] cutOffs;

    private PolicyTimeline(IEnumerable<TimelineRule> rules)
    {
        this.rules = [.. rules.OrderBy(r => r.From).ThenBy(r => r.Id, StringComparer.Ordinal)];
        Gates = new GateTable(this.rules);
        attestations = new AttestationTable(this.rules);
        cutOffs = [.. this.rules.Select(r => r.AttestedBefore?.ToUnixTimeMilliseconds()).OfType<long>().Distinct().Order()];
    }

    /// <summary>What Microsoft documented from 2018-08-07 to 2026-01-05, contradictions kept as notes.</summary>
    public static PolicyTimeline BuiltIn { get; } = ReadBuiltIn();

    /// <summary>All rules by start, then by id; <see cref="GateVerdict.RuleIndex"/> counts in this list.</summary>
    public IReadOnlyList<TimelineRule> Rules => rules;

    internal GateTable Gates { get; }

    /// <summary>Reads <c>{"rules": [...]}</c> in UTF-8, with or without a byte order mark.</summary>
    public static Validated<PolicyTimeline> Parse(ReadOnlySpan<byte> utf8Json) => Read(utf8Json, []);

    /// <summary>Reads <c>{"rules": [...]}</c>.</summary>
    public static Validated<PolicyTimeline> Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>This timeline and an operator's rules, in the same format; an id that is taken is a fault.</summary>
    public Validated<PolicyTimeline> With(ReadOnlySpan<byte> utf8Json) => Read(utf8Json, rules);

    /// <inheritdoc cref="With(ReadOnlySpan{byte})"/>
    public Validated<PolicyTimeline> With(string json) => With(Encoding.UTF8.GetBytes(json));

    /// <summary>
    /// One standing in place of all that no rule of this timeline tells apart, so that many customers are counted by asking
    /// about a few: rules compare the date of an attestation with their cut-offs, and with nothing else.
    /// </summary>
    public Standing Alike(in Standing standing)
    {
        if (!standing.Attested) return standing;
        var date = Standing.NoDate + 1;
        foreach (var cutOff in cutOffs)
        {
            if (cutOff <= standing.AttestedUnixMs) date = cutOff;
        }
        return standing with { AttestedUnixMs = date };
    }

    /// <summary>The rule of that id, or null.</summary>
    public TimelineRule? Rule(string id) => Array.Find(rules, r => string.Equals(r.Id, id, StringComparison.Ordinal));

    /// <summary>
    /// What holds for attestations (the admin center: for direct acceptance) arriving that way at that instant.
    /// </summary>
    public AttestationTerms Attestation(PartnerEnvironment environment, Channel channel, DateTimeOffset now) =>
        attestations.At(environment, channel, now);

    private static Validated<PolicyTimeline> Read(ReadOnlySpan<byte> utf8Json, TimelineRule[] existing)
    {
        var faults = new List<Problem>();
        var added = ReadRules(utf8Json, existing, faults);
        return faults.Count == 0 ? new(new PolicyTimeline([.. existing, .. added])) : new(faults);
    }

    private static List<TimelineRule> ReadRules(ReadOnlySpan<byte> utf8Json, TimelineRule[] existing, List<Problem> faults)
    {
        var added = new List<TimelineRule>();
        if (ReadList(utf8Json, faults) is not { } list) return added;
        var taken = existing.ToDictionary(r => r.Id, _ => "the rules it is added to", StringComparer.Ordinal);
        var index = 0;
        foreach (var element in list.EnumerateArray())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"$.rules[{index++}]");
            if (RuleParser.Parse(path, element, faults) is { } rule) added.Add(rule);
            // The id is looked at even when the rest of the rule is faulty, so that no fault waits for another.
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("id", out var id)
                || id.ValueKind != JsonValueKind.String || id.GetString() is not { } text || taken.TryAdd(text, path))
                continue;
            faults.Add(Fault($"{path}.id", $"is already taken by {taken[text]}."));
        }
        return added;
    }

    private static JsonElement? ReadList(ReadOnlySpan<byte> utf8Json, List<Problem> faults)
    {
        if (utf8Json.StartsWith(Encoding.UTF8.Preamble)) utf8Json = utf8Json[Encoding.UTF8.Preamble.Length..];
        JsonElement root;
        try
        {
            var reader = new Utf8JsonReader(utf8Json);
            root = JsonElement.ParseValue(ref reader);
            if (reader.Read()) faults.Add(Fault("$", "ends before the text does."));
        }
        catch (JsonException e)
        {
            faults.Add(Fault("$", string.Create(CultureInfo.InvariantCulture,
                $"is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).")));
            return null;
        }
        if (root.ValueKind != JsonValueKind.Object)
        {
            faults.Add(Fault("$", "must be an object with a list \"rules\"."));
            return null;
        }
        foreach (var member in root.EnumerateObject().Where(p => p.Name != "rules"))
            faults.Add(Fault($"$.{member.Name}", "is not a member of a timeline."));
        if (root.TryGetProperty("rules", out var list) && list.ValueKind == JsonValueKind.Array) return list;
        faults.Add(Fault("$.rules", "must be a list."));
        return null;
    }

    private static Problem Fault(string path, string message) => new(ProblemCode.InvalidInput, $"{path}: {message}", path);

    private static PolicyTimeline ReadBuiltIn()
    {
        using var stream = typeof(PolicyTimeline).Assembly.GetManifestResourceStream("Concordat.Core.Policy.timeline.json")
            ?? throw new InvalidOperationException("The built-in timeline is missing from the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Parse(bytes).Value;
    }
}
