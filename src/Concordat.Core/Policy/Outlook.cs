namespace Concordat.Core.Policy;

/// <summary>How a customer stands with the gate.</summary>
public enum Prospect
{
    /// <summary>Nothing is refused, and the timeline as known changes nothing about that.</summary>
    Fine,
    /// <summary>Nothing is refused yet, but something will be.</summary>
    AtRisk,
    /// <summary>Something is refused.</summary>
    Blocked,
}

/// <summary>What the gate says about a standing over all actions, now and as far as the timeline is known.</summary>
/// <param name="Prospect">The whole in one word.</param>
/// <param name="From">Since when something is refused, or from when on something will be; null when fine.</param>
/// <param name="Refused">What is refused: now when blocked, from <paramref name="From"/> on when at risk.</param>
public readonly record struct Outlook(Prospect Prospect, DateTimeOffset? From, ActionSet Refused)
{
    private static readonly ActionClass[] Actions = Enum.GetValues<ActionClass>();

    /// <summary>Nothing is refused, now or later.</summary>
    public static readonly Outlook Fine = new(Prospect.Fine, null, ActionSet.Empty);

    /// <summary>The outlook at the question's instant; its action is not looked at, every one is asked about.</summary>
    public static Outlook Of(in GateQuestion question, PolicyTimeline timeline)
    {
        var refused = RefusedAt(question, question.Now, timeline, out var since);
        if (!refused.IsEmpty) return new Outlook(Prospect.Blocked, since, refused);
        DateTimeOffset? first = null;
        foreach (var action in Actions)
        {
            // What is permitted now changes into a refusal and nothing else.
            var change = Gate.NextChange(question with { Action = action }, timeline);
            if (change is not null && (first is null || change < first)) first = change;
        }
        return first is { } from
            ? new Outlook(Prospect.AtRisk, from, RefusedAt(question, from, timeline, out _))
            : Fine;
    }

    private static ActionSet RefusedAt(in GateQuestion question, DateTimeOffset at, PolicyTimeline timeline, out DateTimeOffset? since)
    {
        since = null;
        var refused = ActionSet.Empty;
        foreach (var action in Actions)
        {
            var verdict = Gate.Verdict(question with { Action = action, Now = at }, timeline);
            if (verdict.Permitted) continue;
            refused = refused.With(action);
            var from = timeline.Rules[verdict.RuleIndex].From;
            if (since is null || from < since) since = from;
        }
        return refused;
    }
}
