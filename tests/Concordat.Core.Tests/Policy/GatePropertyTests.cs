using System.Text.Json.Nodes;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using FsCheck;
using FsCheck.Fluent;
using static Concordat.Core.Tests.Policy.Samples;

namespace Concordat.Core.Tests.Policy;

public sealed class GatePropertyTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private static readonly Gen<(List<JsonObject> Rules, GateQuestion Question)> Cases =
        from rules in OperatorRules().ListOf(4)
        from question in Questions()
        select (rules.DistinctBy(r => (string?)r["id"]).ToList(), question);

    [Fact]
    public void Decide_RulesInAnyOrder_SameDecision() => Check.One(Thorough, Prop.ForAll(
        (from c in Cases from seed in Gen.Choose(0, int.MaxValue) select (c.Rules, c.Question, seed)).ToArbitrary(), c =>
        {
            List<JsonObject> all = [.. BuiltInRules(), .. c.Rules];
            var shuffled = all.ToArray();
            new Random(c.seed).Shuffle(shuffled);
            var one = Gate.Decide(c.Question, PolicyTimeline.Parse(Text(all)).Value);
            var other = Gate.Decide(c.Question, PolicyTimeline.Parse(Text(shuffled)).Value);
            return Same(one, other);
        }));

    [Fact]
    public void Verdict_AnyQuestion_AgreesWithDecide() => Check.One(Thorough, Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var timeline = PolicyTimeline.BuiltIn.With(Text(c.Rules)).Value;
        var (verdict, decision) = (Gate.Verdict(c.Question, timeline), Gate.Decide(c.Question, timeline));
        return verdict.Refusal == decision.Refusal && verdict.Permitted == decision.Permitted
            && (verdict.RuleIndex < 0 ? "none" : timeline.Rules[verdict.RuleIndex].Id) == decision.RuleId
            && decision.Permitted == (decision.Since is null) && decision.Permitted == (decision.Remedies.Count == 0)
            && (verdict.Reason == RefusalReason.None) == verdict.Permitted;
    }));

    [Fact]
    public void Verdict_DirectAcceptanceAdded_NeverTurnsPermitIntoRefusal() => Check.One(Thorough, Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var better = c.Question.Standing with
        {
            Flags = c.Question.Standing.Flags | StandingFlags.AcceptedDirectly,
            DirectVersion = Math.Max(c.Question.Standing.DirectVersion, (byte)1),
        };
        return StaysPermitted(c.Question, better, PolicyTimeline.BuiltIn.With(Text(c.Rules)).Value);
    }));

    [Fact]
    public void Verdict_NewerAttestation_NeverTurnsPermitIntoRefusal() => Check.One(Thorough, Prop.ForAll(
        (from c in Cases from at in Instants() from version in Gen.Choose(0, 3) select (c.Rules, c.Question, at, version)).ToArbitrary(),
        c =>
        {
            var old = c.Question.Standing;
            var better = old with
            {
                AttestedUnixMs = Math.Max(old.AttestedUnixMs, c.at.ToUnixTimeMilliseconds()),
                AttestedVersion = Math.Max(old.AttestedVersion, (byte)c.version),
            };
            return StaysPermitted(c.Question, better, PolicyTimeline.BuiltIn.With(Text(c.Rules)).Value);
        }));

    [Fact]
    public void Verdict_RuleAdded_NeverTurnsRefusalIntoPermit() => Check.One(Thorough, Prop.ForAll(Cases.ToArbitrary(), c =>
        Gate.Verdict(c.Question, PolicyTimeline.BuiltIn).Permitted
        || !Gate.Verdict(c.Question, PolicyTimeline.BuiltIn.With(Text(c.Rules)).Value).Permitted));

    [Fact]
    public void Verdict_NeverGatedActionOrNationalCloud_AlwaysPermitted() => Check.One(Thorough, Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var timeline = PolicyTimeline.BuiltIn.With(Text(c.Rules)).Value;
        var national = c.Question with { Standing = c.Question.Standing with { Flags = StandingFlags.NationalCloud } };
        return ActionSet.NeverGated.Members.All(a => Gate.Verdict(c.Question with { Action = a }, timeline) == GateVerdict.Free)
            && Gate.Verdict(national, timeline) == GateVerdict.Free;
    }));

    [Fact]
    public void NextChange_AnyQuestion_IsTheFirstDateWithAnotherCode() => Check.One(Thorough, Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var timeline = PolicyTimeline.BuiltIn.With(Text(c.Rules)).Value;
        var today = Gate.Verdict(c.Question, timeline).Refusal;
        var expected = timeline.Rules.SelectMany(r => new[] { r.From, r.To ?? r.From }).Order()
            .Where(d => d > c.Question.Now && Gate.Verdict(c.Question with { Now = d }, timeline).Refusal != today)
            .Select(d => (DateTimeOffset?)d).FirstOrDefault();
        return Gate.NextChange(c.Question, timeline) == expected;
    }));

    private static bool StaysPermitted(in GateQuestion question, Standing better, PolicyTimeline timeline) =>
        !Gate.Verdict(question, timeline).Permitted || Gate.Verdict(question with { Standing = better }, timeline).Permitted;

    private static bool Same(Decision one, Decision other) =>
        one.Refusal == other.Refusal && one.RuleId == other.RuleId && one.Since == other.Since
        && one.Facts.SequenceEqual(other.Facts) && one.Remedies.SequenceEqual(other.Remedies);
}
