using System.Globalization;
using Concordat.Core.Agreements;

namespace Concordat.Core.Policy;

/// <summary>Puts a verdict into facts and remedies.</summary>
internal static class Explanation
{
    public static IReadOnlyList<Fact> Facts(in GateQuestion question, in GateVerdict verdict, TimelineRule? rule)
    {
        var standing = question.Standing;
        var facts = new List<Fact> { new("standing", standing.Word) };
        if (verdict.Reason != RefusalReason.None) facts.Add(new("reason", Camel(verdict.Reason.ToString())));
        facts.Add(new("action", Camel(question.Action.ToString())));
        facts.Add(new("channel", Camel(question.Channel.ToString())));
        facts.Add(new("environment", Camel(question.Environment.ToString())));
        facts.Add(new("at", Iso(question.Now)));
        if (standing.Attested)
        {
            var dateAgreed = DateTimeOffset.FromUnixTimeMilliseconds(standing.AttestedUnixMs);
            facts.Add(new(Camel(question.Switches.CutOffCompares.ToString()), Iso(dateAgreed)));
            facts.Add(new("attestedVersion", Number(standing.AttestedVersion)));
            facts.Add(new("versionKnown", standing.Has(StandingFlags.VersionShown) ? "shown" : "inferred"));
        }
        if (standing.Has(StandingFlags.AcceptedDirectly)) facts.Add(new("directVersion", Number(standing.DirectVersion)));
        if (rule is null) return facts;
        if (rule.AttestedBefore is { } before) facts.Add(new("attestedBefore", Iso(before)));
        if (rule.MinVersion is { } version) facts.Add(new("minVersion", Number(version)));
        facts.Add(new("agreementTypes", string.Join(',', rule.AgreementTypes)));
        facts.Add(new("ruleFrom", Iso(rule.From)));
        facts.Add(new("ruleSource", rule.Source));
        return facts;
    }

    /// <summary>Best first. Accepting directly is left out where it does not exist yet or is known to lead nowhere.</summary>
    public static IReadOnlyList<Remedy> Remedies(in GateQuestion question, in GateVerdict verdict, PolicyTimeline timeline)
    {
        IReadOnlyList<Remedy> all = verdict.Reason switch
        {
            RefusalReason.None => [],
            RefusalReason.CustomerRefused => [Remedy.AcceptDirectly, Remedy.Attest, Remedy.CancelSubscriptions],
            RefusalReason.Disputed => [Remedy.ResolveDispute, Remedy.AcceptDirectly, Remedy.Attest],
            RefusalReason.NothingOnRecord or RefusalReason.AttestedBeforeCutOff or RefusalReason.VersionTooOld =>
                [Remedy.Attest, Remedy.AcceptDirectly],
        };
        if (all.Count == 0) return all;
        var deadEnd = question.Switches.DirectAcceptanceDeadEnd && question.Standing.Attested;
        var exists = timeline.Attestation(question.Environment, Channel.AdminCenter, question.Now).CustomerAgreement;
        return exists && !deadEnd ? all : [.. all.Where(r => r != Remedy.AcceptDirectly)];
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Number(byte number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Iso(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
