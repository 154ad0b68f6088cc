using System.Diagnostics;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using static Concordat.Core.Tests.Policy.Samples;

namespace Concordat.Core.Tests.Policy;

public sealed class GateTests
{
    private const int Calls = 100_000;

    private static readonly Standing Stale = new(Utc("2022-06-01").ToUnixTimeMilliseconds(), 1, 0, StandingFlags.None);
    private static readonly Standing Current = new(Utc("2024-06-01").ToUnixTimeMilliseconds(), 2, 0, StandingFlags.None);
    private static readonly Standing Direct = new(Standing.NoDate, 0, 1, StandingFlags.AcceptedDirectly);

    private static readonly GateQuestion Today = new(
        Stale, ActionClass.NewPurchase, Channel.Api, PartnerEnvironment.Production, Utc("2026-03-01"), Switches.Default);

    [Fact]
    public void Decide_StaleAttestation_SaysRuleFactsSinceAndRemedies()
    {
        var decision = Gate.Decide(Today, PolicyTimeline.BuiltIn);
        Assert.Equal(RefusalCode.Outdated, decision.Refusal);
        Assert.Equal("stale-production", decision.RuleId);
        Assert.Equal(Utc("2025-10-07"), decision.Since);
        Assert.Equal([Remedy.Attest, Remedy.AcceptDirectly], decision.Remedies);
        Assert.Contains(new Fact("standing", "attested"), decision.Facts);
        Assert.Contains(new Fact("reason", "attestedBeforeCutOff"), decision.Facts);
        Assert.Contains(new Fact("dateAgreed", "2022-06-01T00:00:00Z"), decision.Facts);
        Assert.Contains(new Fact("attestedBefore", "2023-04-01T00:00:00Z"), decision.Facts);
        Assert.Contains(decision.Facts, f => f.Name == "ruleSource");
    }

    [Fact]
    public void Decide_NothingOnRecordToday_RefusesSince2020()
    {
        var decision = Gate.Decide(Today with { Standing = Standing.None }, PolicyTimeline.BuiltIn);
        Assert.Equal((RefusalCode.NothingOnRecord, "mca-required", Utc("2020-02-01")),
            (decision.Refusal!.Value, decision.RuleId, decision.Since!.Value));
    }

    [Fact]
    public void Decide_CustomerRefused_OffersNewAcceptanceThenCancellation()
    {
        var decision = Gate.Decide(Today with { Standing = Current with { Flags = StandingFlags.Refused } }, PolicyTimeline.BuiltIn);
        Assert.Equal(RefusalCode.Outdated, decision.Refusal);
        Assert.Equal([Remedy.AcceptDirectly, Remedy.Attest, Remedy.CancelSubscriptions], decision.Remedies);
    }

    [Fact]
    public void Decide_BeforeDirectAcceptanceExisted_DoesNotOfferIt() => Assert.Equal([Remedy.Attest], Gate.Decide(
        Today with { Standing = Standing.None, Now = Utc("2019-06-01") }, PolicyTimeline.BuiltIn).Remedies);

    [Fact]
    public void Decide_DirectAcceptanceKnownToFail_DoesNotOfferIt() => Assert.Equal([Remedy.Attest], Gate.Decide(
        Today with { Switches = Switches.Default with { DirectAcceptanceDeadEnd = true } }, PolicyTimeline.BuiltIn).Remedies);

    [Fact]
    public void Verdict_DisputedRecord_BlocksBySwitchUnlessTheCustomerAcceptedDirectly()
    {
        var disputed = Today with { Standing = Current with { Flags = StandingFlags.Disputed } };
        Assert.Null(Refusal(disputed));
        var strict = disputed with { Switches = Switches.Default with { DisputeBlocks = true } };
        Assert.Equal(RefusalCode.Outdated, Refusal(strict));
        Assert.Equal([Remedy.ResolveDispute, Remedy.AcceptDirectly, Remedy.Attest], Gate.Decide(strict, PolicyTimeline.BuiltIn).Remedies);
        Assert.Null(Refusal(strict with { Standing = Direct with { Flags = Direct.Flags | StandingFlags.Disputed } }));
    }

    [Fact]
    public void Verdict_OneCodeForBoth_AnswersOutdatedForNothingOnRecord() => Assert.Equal(RefusalCode.Outdated,
        Refusal(Today with { Standing = Standing.None, Switches = Switches.Default with { OutdatedCodeForBoth = true } }));

    [Theory]
    [InlineData(ActionClass.ScheduledChange, true)]
    [InlineData(ActionClass.Reactivation, false)]
    public void Verdict_UnknownBehaviour_FollowsItsSwitch(ActionClass action, bool gatedByDefault)
    {
        var question = Today with { Action = action };
        Assert.Equal(gatedByDefault, Refusal(question) is not null);
        Assert.NotNull(Refusal(question with { Switches = Switches.Default with { GateScheduledChange = true, GateReactivation = true } }));
        Assert.Null(Refusal(question with { Switches = Switches.Default with { GateScheduledChange = false, GateReactivation = false } }));
    }

    [Theory]
    [InlineData("next-order", ActionClass.NewPurchase, true)]
    [InlineData("next-order", ActionClass.Upgrade, true)]
    [InlineData("next-order", ActionClass.QuantityIncrease, false)]
    [InlineData("next-order", ActionClass.ManualRenewal, false)]
    [InlineData("manual-renewal", ActionClass.ManualRenewal, true)]
    [InlineData("manual-renewal", ActionClass.NewPurchase, false)]
    public void Verdict_MinVersion_BindsOnItsOccasionOnly(string occasion, ActionClass action, bool refused)
    {
        var timeline = WithMinVersion(occasion, direct: false);
        var question = Today with { Action = action, Standing = Current, Now = Utc("2027-01-01") };
        Assert.Equal(refused ? RefusalCode.Outdated : null, Gate.Verdict(question, timeline).Refusal);
        Assert.Null(Gate.Verdict(question with { Standing = Current with { AttestedVersion = 3 } }, timeline).Refusal);
        Assert.Null(Gate.Verdict(question with { Now = Utc("2027-01-01").AddMilliseconds(-1) }, timeline).Refusal);
        Assert.Null(Gate.Verdict(question with { Standing = Direct }, timeline).Refusal);
    }

    [Fact]
    public void Verdict_MinVersionForDirectToo_BindsDirectAcceptances()
    {
        var timeline = WithMinVersion("next-order", direct: true);
        var question = Today with { Standing = Direct, Now = Utc("2027-01-01") };
        Assert.Equal(RefusalReason.VersionTooOld, Gate.Verdict(question, timeline).Reason);
        Assert.Null(Gate.Verdict(question with { Standing = Direct with { DirectVersion = 3 } }, timeline).Refusal);
    }

    [Fact]
    public void DecideAll_OneGatedDifference_BlocksTheWhole()
    {
        var mixed = ActionSet.Of(ActionClass.Cancel, ActionClass.Administrative, ActionClass.BillingPlanChange);
        Assert.False(Gate.DecideAll(mixed, Today, PolicyTimeline.BuiltIn).Permitted);
        Assert.True(Gate.DecideAll(mixed, Today with { Standing = Current }, PolicyTimeline.BuiltIn).Permitted);
        Assert.True(Gate.DecideAll(ActionSet.Of(ActionClass.Cancel), Today, PolicyTimeline.BuiltIn).Permitted);
        Assert.True(Gate.DecideAll(ActionSet.Empty, Today, PolicyTimeline.BuiltIn).Permitted);
    }

    [Fact]
    public void PermitsAll_EveryPairOfActionsAndStanding_AgreesWithDecideAll()
    {
        var actions = Enum.GetValues<ActionClass>();
        foreach (var standing in (Standing[])[Today.Standing, Current, Direct, Standing.None])
        {
            foreach (var pair in actions.SelectMany(first => actions.Select(second => ActionSet.Of(first, second))).Append(ActionSet.Empty))
            {
                var question = Today with { Standing = standing };
                Assert.Equal(
                    Gate.DecideAll(pair, question, PolicyTimeline.BuiltIn).Permitted, Gate.PermitsAll(pair, question, PolicyTimeline.BuiltIn));
            }
        }
    }

    [Fact]
    public void NextChange_StaleAttestationIn2024_IsTheDayOfEnforcement()
    {
        var question = Today with { Now = Utc("2024-01-01") };
        Assert.Equal(Utc("2025-10-07"), Gate.NextChange(question, PolicyTimeline.BuiltIn));
        Assert.Equal(Utc("2025-07-01"), Gate.NextChange(
            question with { Environment = PartnerEnvironment.Sandbox }, PolicyTimeline.BuiltIn));
        Assert.Null(Gate.NextChange(question with { Standing = Direct }, PolicyTimeline.BuiltIn));
    }

    [Fact]
    public void Verdict_HotPath_AllocatesNothingAndIsFast()
    {
        var best = double.MaxValue;
        var refused = 0;
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 10; round++) best = Math.Min(best, Run());
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(11 * Calls, refused);
        // The goal is well under 200 ns; the limit leaves room for a loaded machine.
        Assert.InRange(best, 0, 1000);

        double Run()
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Calls; i++)
            {
                if (!Gate.Verdict(Today, PolicyTimeline.BuiltIn).Permitted) refused++;
            }
            return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Calls;
        }
    }

    private static RefusalCode? Refusal(in GateQuestion question) => Gate.Verdict(question, PolicyTimeline.BuiltIn).Refusal;

    private static PolicyTimeline WithMinVersion(string occasion, bool direct) => PolicyTimeline.BuiltIn.With($$"""
        {"rules":[{"id":"version-3","from":"2027-01-01","environments":["production"],"channels":["api"],"kind":"stale",
          "agreementTypes":["MicrosoftCustomerAgreement"],"minVersion":3,"direct":{{(direct ? "true" : "false")}},
          "when":"{{occasion}}","code":900428,"source":"operator"}]}
        """).Value;
}
