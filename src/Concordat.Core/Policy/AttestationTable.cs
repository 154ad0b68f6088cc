namespace Concordat.Core.Policy;

/// <summary>
/// What holds for attestations by environment and channel, cut into spans of time. Built once: every confirmation and every
/// refusal asks, and looking through all rules cost more than the rest of the decision.
/// </summary>
internal sealed class AttestationTable
{
    private readonly Dictionary<(PartnerEnvironment, Channel), Span[]> spans = [];

    public AttestationTable(TimelineRule[] rules)
    {
        DateTimeOffset[] starts = [.. rules.SelectMany(rule => rule.To is { } to ? new[] { rule.From, to } : [rule.From]).Distinct().OrderDescending()];
        foreach (var environment in Enum.GetValues<PartnerEnvironment>())
        {
            foreach (var channel in Enum.GetValues<Channel>())
            {
                spans[(environment, channel)] = Array.ConvertAll(starts, start =>
                    new Span(start.UtcTicks, AttestationTerms.Of(rules, environment, channel, start)));
            }
        }
    }

    /// <summary>The terms at that instant; before the first rule nothing holds.</summary>
    public AttestationTerms At(PartnerEnvironment environment, Channel channel, DateTimeOffset now)
    {
        foreach (var span in spans[(environment, channel)])
        {
            if (span.FromTicks <= now.UtcTicks) return span.Terms;
        }
        return default;
    }

    private readonly record struct Span(long FromTicks, AttestationTerms Terms);
}
