using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using static Concordat.Core.Tests.Policy.Samples;

namespace Concordat.Core.Tests.Policy;

/// <summary>Every date of the built-in timeline, one millisecond before, on it and one after.</summary>
public sealed class TimelineBoundaryTests
{
    private static readonly PolicyTimeline Timeline = PolicyTimeline.BuiltIn;

    private static readonly Switches AllGated = Switches.Default with { GateReactivation = true };

    private static readonly Standing Old = new(Utc("2022-01-01").ToUnixTimeMilliseconds(), 1, 0, StandingFlags.None);

    private static readonly Standing Cloud = Standing.None with { Flags = StandingFlags.CloudConfirmed };

    public static TheoryData<string> GatingRules() =>
        [.. Timeline.Rules.Where(r => r.Kind is RuleKind.Require or RuleKind.Stale).Select(r => r.Id)];

    public static TheoryData<string> AllRules() => [.. Timeline.Rules.Select(r => r.Id)];

    [Theory]
    [MemberData(nameof(AllRules))]
    public void HoldsAt_AroundItsDates_StartsInclusiveEndsExclusive(string id)
    {
        var rule = Timeline.Rule(id)!;
        Assert.Equal(TimeSpan.Zero, rule.From.UtcDateTime.TimeOfDay);
        Assert.False(rule.HoldsAt(rule.From.AddMilliseconds(-1)));
        Assert.True(rule.HoldsAt(rule.From));
        Assert.True(rule.HoldsAt(rule.From.AddMilliseconds(1)));
        if (rule.To is not { } to) return;
        Assert.True(rule.HoldsAt(to.AddMilliseconds(-1)));
        Assert.False(rule.HoldsAt(to));
    }

    [Theory]
    [MemberData(nameof(GatingRules))]
    public void Verdict_AroundTheDatesOfARule_RefusesExactlyWhileSomeRuleHolds(string id)
    {
        var rule = Timeline.Rule(id)!;
        var product = rule.Products.Count > 0 ? rule.Products[0] : null;
        var instants = new[] { rule.From, rule.To ?? rule.From }
            .SelectMany(d => new[] { d.AddMilliseconds(-1), d, d.AddMilliseconds(1) });
        foreach (var (environment, channel, action, at) in
            from e in rule.Environments from c in rule.Channels from a in rule.Actions from i in instants select (e, c, a, i))
        {
            var holding = Timeline.Rules.Where(r => r.Kind is RuleKind.Require or RuleKind.Stale && r.HoldsAt(at)
                && r.Environments.Contains(environment) && r.Channels.Contains(channel) && r.Actions.Contains(action)
                && (r.Products.Count == 0 || r.Products.Contains(product))).ToList();
            var question = new GateQuestion(Standing.None, action, channel, environment, at, AllGated, product);
            Expect(question, holding.Count > 0, RefusalCode.NothingOnRecord);
            Expect(question with { Standing = Cloud },
                holding.Any(r => !r.AgreementTypes.Contains(AgreementType.MicrosoftCloudAgreement)), RefusalCode.NothingOnRecord);
            Expect(question with { Standing = Old }, holding.Any(r => r.Kind == RuleKind.Stale), RefusalCode.Outdated);
        }
    }

    [Theory]
    [InlineData(PartnerEnvironment.Production, "2025-10-07")]
    [InlineData(PartnerEnvironment.Sandbox, "2025-07-01")]
    public void Verdict_AroundTheCutOff_OnlyEarlierAttestationsAreStale(PartnerEnvironment environment, string enforced)
    {
        var cutOff = Utc("2023-04-01").ToUnixTimeMilliseconds();
        foreach (var (ms, stale) in new[] { (-1, true), (0, false), (1, false) })
        {
            var standing = new Standing(cutOff + ms, 1, 0, StandingFlags.None);
            var question = new GateQuestion(
                standing, ActionClass.Upgrade, Channel.Api, environment, Utc(enforced), Switches.Default);
            Expect(question, stale, RefusalCode.Outdated);
            Expect(question with { Now = Utc(enforced).AddMilliseconds(-1) }, false, RefusalCode.Outdated);
        }
    }

    private static void Expect(in GateQuestion question, bool refused, RefusalCode code) =>
        Assert.Equal(refused ? code : null, Gate.Verdict(question, Timeline).Refusal);
}
