using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Concordat.Core.Ledger;
using Concordat.Core.Policy;

namespace Concordat.Server.Api;

/// <summary>
/// Decisions as JSON. Without facts a decision says nothing about the customer, so that a few dozen different bodies serve
/// every pre-check; they are made once and kept.
/// </summary>
internal sealed class DecisionBodies(PolicyTimeline timeline)
{
    private readonly ConcurrentDictionary<Key, byte[]> kept = new();

    // What is open to the customer besides the gate (accepting directly) changes at the timeline's dates only.
    private readonly long[] dates =
        [.. timeline.Rules.SelectMany(rule => new[] { rule.From, rule.To ?? rule.From }).Select(date => date.UtcTicks).Distinct().Order()];

    /// <summary>The decision without facts; allocates only the first time.</summary>
    public byte[] Of(in GateQuestion question)
    {
        var key = new Key(
            Gate.Verdict(question, timeline), question.Environment, AgeAt(question.Now.UtcTicks),
            question.Switches.DirectAcceptanceDeadEnd && question.Standing.Attested);
        return kept.TryGetValue(key, out var body) ? body : kept.GetOrAdd(key, Make(question, explain: false));
    }

    /// <summary>The decision with the facts it rests on.</summary>
    public byte[] Explained(in GateQuestion question) => Make(question, explain: true);

    private byte[] Make(in GateQuestion question, bool explain)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Write(json, Gate.Decide(question, timeline), explain);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The members of a decision, into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, Decision decision, bool explain)
    {
        json.WriteBoolean("permitted", decision.Permitted);
        if (decision.Refusal is { } code)
        {
            json.WriteNumber("code", (int)code);
        }

        if (decision.Facts.FirstOrDefault(fact => fact.Name == "reason") is { Value: { } reason })
        {
            json.WriteString("reason", reason);
        }

        json.WriteString("rule", decision.RuleId);
        if (decision.Since is { } since)
        {
            json.WriteString("since", LedgerEntry.Instant(since));
        }

        json.WriteStartArray("remedies");
        foreach (var remedy in decision.Remedies)
        {
            json.WriteStringValue(EnumWords<Remedy>.Of(remedy));
        }

        json.WriteEndArray();
        if (!explain)
        {
            return;
        }

        json.WriteStartObject("facts");
        foreach (var fact in decision.Facts)
        {
            json.WriteString(fact.Name, fact.Value);
        }

        json.WriteEndObject();
    }

    private int AgeAt(long ticks)
    {
        // From the newest: nearly every question is about today.
        var age = dates.Length;
        while (age > 0 && dates[age - 1] > ticks)
        {
            age--;
        }

        return age;
    }

    private readonly record struct Key(GateVerdict Verdict, PartnerEnvironment Environment, int Age, bool DeadEnd);
}
