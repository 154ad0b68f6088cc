using Concordat.Core.Agreements;

namespace Concordat.Core.Policy;

/// <summary>
/// The one function that decides whether a transaction may go through. Pre-check, order, explanation and forecast all call
/// it, with the date they ask about. The strictest rule wins: one refusal outweighs any number of satisfied rules.
/// </summary>
public static class Gate
{
    /// <summary>The verdict without words. Allocates nothing; agrees with <see cref="Decide"/> by construction.</summary>
    public static GateVerdict Verdict(in GateQuestion question, PolicyTimeline timeline)
    {
        if (IsExempt(question)) return GateVerdict.Free;
        var satisfied = GateVerdict.Free;
        foreach (var rule in timeline.Gates.RulesAt(question))
        {
            if (!rule.Applies(question)) continue;
            var reason = rule.Ask(question.Standing, question.Switches);
            if (reason != RefusalReason.None)
                return new GateVerdict(CodeOf(rule, reason, question.Switches), rule.Index, reason);
            satisfied = new GateVerdict(null, rule.Index, RefusalReason.None);
        }
        return satisfied;
    }

    /// <summary>The verdict with its rule, facts and remedies.</summary>
    public static Decision Decide(in GateQuestion question, PolicyTimeline timeline)
    {
        var verdict = Verdict(question, timeline);
        var rule = verdict.RuleIndex < 0 ? null : timeline.Rules[verdict.RuleIndex];
        return new Decision(verdict.Refusal, rule?.Id ?? "none", Explanation.Facts(question, verdict, rule),
            Explanation.Remedies(question, verdict, timeline), verdict.Permitted ? null : rule?.From);
    }

    /// <summary>
    /// The decision on a request that does several things at once: the first refusal in the order of the enumeration, which
    /// blocks the whole. A request that changes nothing is permitted.
    /// </summary>
    public static Decision DecideAll(ActionSet actions, in GateQuestion question, PolicyTimeline timeline)
    {
        var about = question with { Action = ActionClass.Administrative };
        foreach (var action in actions.Members)
        {
            var next = question with { Action = action };
            var verdict = Verdict(next, timeline);
            if (!verdict.Permitted) return Decide(next, timeline);
            if (about.Action == ActionClass.Administrative) about = next;
        }
        return Decide(about, timeline);
    }

    /// <summary>Whether <see cref="DecideAll"/> permits, without words.</summary>
    public static bool PermitsAll(ActionSet actions, in GateQuestion question, PolicyTimeline timeline)
    {
        foreach (var action in actions.Members)
        {
            if (!Verdict(question with { Action = action }, timeline).Permitted) return false;
        }
        return true;
    }

    /// <summary>
    /// The next instant after <see cref="GateQuestion.Now"/> at which this standing gets another code or none; null when the
    /// timeline as known never changes it.
    /// </summary>
    public static DateTimeOffset? NextChange(in GateQuestion question, PolicyTimeline timeline)
    {
        var today = Verdict(question, timeline).Refusal;
        foreach (var span in timeline.Gates.SpansOf(question))
        {
            if (span.FromTicks <= question.Now.UtcTicks) continue;
            var start = new DateTimeOffset(span.FromTicks, TimeSpan.Zero);
            if (Verdict(question with { Now = start }, timeline).Refusal != today) return start;
        }
        return null;
    }

    private static bool IsExempt(in GateQuestion question) => question.Action switch
    {
        ActionClass.AutoRenewal or ActionClass.Cancel or ActionClass.Suspend or ActionClass.Administrative => true,
        ActionClass.ScheduledChange when !question.Switches.GateScheduledChange => true,
        ActionClass.Reactivation when !question.Switches.GateReactivation => true,
        _ => question.Standing.Has(StandingFlags.NationalCloud),
    };

    private static RefusalCode CodeOf(GateRule rule, RefusalReason reason, Switches switches) =>
        switches.OutdatedCodeForBoth ? RefusalCode.Outdated : rule.CodeFor(reason);
}
