using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using static Concordat.Core.Tests.Policy.Samples;

namespace Concordat.Core.Tests.Policy;

public sealed class OutlookTests
{
    private static readonly Standing Stale = new(Utc("2022-06-01").ToUnixTimeMilliseconds(), 1, 0, StandingFlags.None);

    [Theory]
    [InlineData("2018-08-07", Prospect.AtRisk, "2019-03-22")]
    [InlineData("2019-12-31", Prospect.Blocked, "2019-03-22")]
    [InlineData("2025-10-06", Prospect.Blocked, "2020-02-01")]
    public void Of_NothingOnRecord_NamesTheFirstRuleThatRefuses(string now, Prospect prospect, string from)
    {
        var outlook = Outlook.Of(About(Standing.None, now), PolicyTimeline.BuiltIn);

        Assert.Equal((prospect, Utc(from)), (outlook.Prospect, outlook.From!.Value));
    }

    [Fact]
    public void Of_OldAttestation_IsAtRiskUntilTheDayItIsBlocked()
    {
        var before = Outlook.Of(About(Stale, "2025-10-06"), PolicyTimeline.BuiltIn);
        var after = Outlook.Of(About(Stale, "2025-10-07"), PolicyTimeline.BuiltIn);

        Assert.Equal((Prospect.AtRisk, Utc("2025-10-07")), (before.Prospect, before.From!.Value));
        Assert.Equal((Prospect.Blocked, Utc("2025-10-07")), (after.Prospect, after.From!.Value));
        Assert.Equal(after.Refused, before.Refused);
        Assert.True(after.Refused.Contains(ActionClass.NewPurchase));
        Assert.False(after.Refused.Contains(ActionClass.Cancel));
    }

    /// <summary>At every day of the timeline the word agrees with what the gate says about each action, then and later.</summary>
    [Fact]
    public void Of_EveryStandingOnEveryDay_AgreesWithTheGate()
    {
        var days = PolicyTimeline.BuiltIn.Rules.SelectMany(rule => new[] { rule.From.AddDays(-1), rule.From }).Distinct().Order().ToList();
        foreach (var standing in (Standing[])[Standing.None, Stale, Stale with { Flags = StandingFlags.Refused }, Standing.None with { Flags = StandingFlags.CloudConfirmed }])
        {
            foreach (var environment in Enum.GetValues<PartnerEnvironment>())
            {
                foreach (var day in days)
                {
                    var question = new GateQuestion(standing, ActionClass.Cancel, Channel.Api, environment, day, Switches.Default);
                    var outlook = Outlook.Of(question, PolicyTimeline.BuiltIn);
                    bool Refuses(DateTimeOffset at) => Enum.GetValues<ActionClass>()
                        .Any(action => !Gate.Verdict(question with { Action = action, Now = at }, PolicyTimeline.BuiltIn).Permitted);
                    var expected = Refuses(day) ? Prospect.Blocked : days.Any(later => later > day && Refuses(later)) ? Prospect.AtRisk : Prospect.Fine;
                    Assert.Equal(expected, outlook.Prospect);
                    if (expected == Prospect.AtRisk)
                    {
                        Assert.Equal(days.First(later => later > day && Refuses(later)), outlook.From);
                    }
                }
            }
        }
    }

    /// <summary>Whatever the date, the standing that stands for it gets the same outlook on every day.</summary>
    [Fact]
    public void Alike_AnyDate_HasTheSameOutlook()
    {
        var days = PolicyTimeline.BuiltIn.Rules.Select(rule => rule.From).Distinct().ToList();
        var cutOff = Utc("2023-04-01").ToUnixTimeMilliseconds();
        foreach (var date in (long[])[0, cutOff - 1, cutOff, cutOff + 1, Utc("2030-01-01").ToUnixTimeMilliseconds()])
        {
            var standing = new Standing(date, 1, 0, StandingFlags.None);
            var alike = PolicyTimeline.BuiltIn.Alike(standing);
            Assert.All(days, day => Assert.Equal(
                Outlook.Of(About(standing, "2026-01-01") with { Now = day }, PolicyTimeline.BuiltIn),
                Outlook.Of(About(alike, "2026-01-01") with { Now = day }, PolicyTimeline.BuiltIn)));
            Assert.Equal(date < cutOff, alike == PolicyTimeline.BuiltIn.Alike(standing with { AttestedUnixMs = 0 }));
        }

        Assert.Equal(Standing.None, PolicyTimeline.BuiltIn.Alike(Standing.None));
    }

    private static GateQuestion About(Standing standing, string now) =>
        new(standing, ActionClass.NewPurchase, Channel.Api, PartnerEnvironment.Production, Utc(now), Switches.Default);
}
