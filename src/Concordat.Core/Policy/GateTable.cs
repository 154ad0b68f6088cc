namespace Concordat.Core.Policy;

/// <summary>
/// The gating rules by environment, channel and action, cut into spans of time within which the same rules hold. Built once,
/// so that a verdict costs a short search and the few rules of one span.
/// </summary>
internal sealed class GateTable
{
    private const int Actions = 16;
    private const int Channels = 4;
    private const int Environments = 2;

    private readonly Span[][] slots = new Span[Environments * Channels * Actions][];

    /// <summary>The rules that hold from this instant (UTC ticks) to the start of the next span, by precedence.</summary>
    public sealed record Span(long FromTicks, GateRule[] Rules);

    public GateTable(TimelineRule[] rules)
    {
        var gating = rules.Select((rule, index) => (Rule: rule, Gate: new GateRule(rule, checked((short)index))))
            .Where(r => r.Rule.Kind is RuleKind.Require or RuleKind.Stale).ToArray();
        foreach (var environment in Enum.GetValues<PartnerEnvironment>())
        {
            foreach (var channel in Enum.GetValues<Channel>())
            {
                foreach (var action in Enum.GetValues<ActionClass>())
                {
                    slots[Slot(environment, channel, action)] = Cut([.. gating.Where(r =>
                        r.Rule.Covers(environment, channel) && r.Rule.Actions.Contains(action))]);
                }
            }
        }
    }

    /// <summary>All spans of that combination by time; before the first none holds.</summary>
    public Span[] SpansOf(in GateQuestion question) =>
        slots[Slot(question.Environment, question.Channel, question.Action)];

    /// <summary>The rules that hold at the question's instant, by precedence.</summary>
    public ReadOnlySpan<GateRule> RulesAt(in GateQuestion question)
    {
        var spans = SpansOf(question);
        var now = question.Now.UtcTicks;
        // From the newest: nearly every question is about today.
        for (var i = spans.Length - 1; i >= 0; i--)
        {
            if (spans[i].FromTicks <= now) return spans[i].Rules;
        }
        return [];
    }

    private static int Slot(PartnerEnvironment environment, Channel channel, ActionClass action) =>
        (((int)environment * Channels) + (int)channel) * Actions + (int)action;

    private static Span[] Cut((TimelineRule Rule, GateRule Gate)[] rules) =>
        [.. rules.SelectMany(r => r.Rule.To is { } to ? new[] { r.Rule.From, to } : [r.Rule.From]).Distinct().Order()
            .Select(start => new Span(start.UtcTicks, ByPrecedence(rules.Where(r => r.Rule.HoldsAt(start)))))];

    /// <summary>
    /// Whether there is an agreement at all comes before how old it is; then the rule that has refused for longest, so that
    /// "since when" tells the truth; then the id, so that the order of the text never shows.
    /// </summary>
    private static GateRule[] ByPrecedence(IEnumerable<(TimelineRule Rule, GateRule Gate)> rules) =>
        [.. rules.OrderBy(r => r.Rule.Kind).ThenBy(r => r.Rule.From).ThenBy(r => r.Rule.Id, StringComparer.Ordinal)
            .Select(r => r.Gate)];
}
