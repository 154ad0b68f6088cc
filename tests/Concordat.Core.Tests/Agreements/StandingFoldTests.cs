using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using FsCheck;
using FsCheck.Fluent;
using static Concordat.Core.Tests.Policy.Samples;

namespace Concordat.Core.Tests.Agreements;

public sealed class StandingFoldTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2000);

    /// <summary>A few facts with few ids and instants, so that they meet: same dates, same targets, dangling targets.</summary>
    private static readonly Gen<List<AgreementFact>> Histories =
        (from kind in Gen.Elements(Enum.GetValues<FactKind>())
         from type in Gen.Elements(Enum.GetValues<AgreementType>())
         from recorded in Gen.Choose(0, 6)
         from agreed in Gen.Choose(0, 6)
         from version in Gen.Choose(1, 2)
         from target in Gen.Choose(0, 12)
         select (kind, type, recorded, agreed, version, target)).ListOf(7)
        .Select(rows => rows.Select((r, i) => new AgreementFact(Id(i), r.kind, r.type, Day(r.recorded))
        {
            DateAgreed = Day(r.agreed),
            Version = (byte)r.version,
            Concerns = r.target < 8 ? Id(r.target) : null,
        }).ToList());

    [Fact]
    public void Of_NoFacts_IsNone() => Assert.Equal(Standing.None, StandingFold.Of([]));

    [Fact]
    public void Of_FactsInAnyOrder_SameStanding() => Check.One(Thorough, Prop.ForAll(
        (from h in Histories from seed in Gen.Choose(0, int.MaxValue) select (h, seed)).ToArbitrary(), c =>
        {
            var shuffled = c.h.ToArray();
            new Random(c.seed).Shuffle(shuffled);
            return StandingFold.Of(c.h) == StandingFold.Of(shuffled);
        }));

    [Fact]
    public void Of_LaterConfirmation_NeverLosesAPermit() => Check.One(Thorough, Prop.ForAll(
        (from h in Histories from now in Instants() select (h, now)).ToArbitrary(), c =>
        {
            var better = StandingFold.Of([.. c.h, Confirmed(99, recorded: 100, agreed: 100) with { Version = 2 }]);
            var before = Ask(StandingFold.Of(c.h), c.now);
            return !before.Permitted || Ask(better, c.now).Permitted;
        }));

    [Fact]
    public void Of_AsOfADay_EqualsTheFoldOfWhatWasRecordedByThen() => Check.One(Thorough, Prop.ForAll(
        (from h in Histories from day in Gen.Choose(0, 6) select (h, day)).ToArbitrary(),
        c => StandingFold.Of(c.h, asOf: Day(c.day)) == StandingFold.Of(c.h.Where(f => f.RecordedAt <= Day(c.day)))));

    [Fact]
    public void Of_SeveralConfirmations_TheLatestAgreedCounts()
    {
        var standing = StandingFold.Of([Confirmed(1, recorded: 5, agreed: 2) with { Version = 1 },
            Confirmed(2, recorded: 4, agreed: 3) with { Version = 2, VersionShown = true }]);
        Assert.Equal(new Standing(Day(3).ToUnixTimeMilliseconds(), 2, 0, StandingFlags.VersionShown), standing);
    }

    [Fact]
    public void Of_CutOffByRecordedAt_KeepsThatDate() => Assert.Equal(Day(5).ToUnixTimeMilliseconds(),
        StandingFold.Of([Confirmed(1, recorded: 5, agreed: 2)], compares: CutOffDate.RecordedAt).AttestedUnixMs);

    [Fact]
    public void Of_CorrectedConfirmation_OnlyTheCorrectionCounts()
    {
        var correction = Fact(2, FactKind.Corrected, 5) with { DateAgreed = Day(1), Concerns = Id(1) };
        Assert.Equal(Day(1).ToUnixTimeMilliseconds(),
            StandingFold.Of([Confirmed(1, recorded: 4, agreed: 3), correction]).AttestedUnixMs);
        Assert.Equal(Standing.None, StandingFold.Of(
            [Confirmed(1, recorded: 4, agreed: 3), correction, Fact(3, FactKind.Withdrawn, 6) with { Concerns = Id(2) }]));
    }

    [Fact]
    public void Of_Refusal_HoldsUntilALaterAcceptance()
    {
        List<AgreementFact> facts = [Confirmed(1, recorded: 1, agreed: 1), Fact(2, FactKind.Refused, 2)];
        Assert.True(StandingFold.Of(facts).Has(StandingFlags.Refused));
        Assert.True(StandingFold.Of([.. facts, Fact(3, FactKind.Corrected, 3) with { Concerns = Id(1) }]).Has(StandingFlags.Refused));
        Assert.False(StandingFold.Of([.. facts, Confirmed(3, recorded: 3, agreed: 3)]).Has(StandingFlags.Refused));
        Assert.False(StandingFold.Of([.. facts, Fact(3, FactKind.AcceptedDirectly, 3)]).Has(StandingFlags.Refused));
        // The same millisecond: the ids, which count up, tell which came later.
        Assert.False(StandingFold.Of([.. facts, Confirmed(3, recorded: 2, agreed: 2)]).Has(StandingFlags.Refused));
        Assert.True(StandingFold.Of([.. facts, Confirmed(0, recorded: 2, agreed: 2)]).Has(StandingFlags.Refused));
    }

    [Fact]
    public void Of_RefusedCloudAgreement_IsAnsweredByTheCustomerAgreementNotTheReverse()
    {
        const AgreementType cloud = AgreementType.MicrosoftCloudAgreement;
        Assert.False(StandingFold.Of([Fact(1, FactKind.Refused, 1) with { Type = cloud }, Confirmed(2, 2, 2)]).Has(StandingFlags.Refused));
        Assert.True(StandingFold.Of([Fact(1, FactKind.Refused, 1), Confirmed(2, 2, 2) with { Type = cloud }]).Has(StandingFlags.Refused));
    }

    [Fact]
    public void Of_Dispute_EndsWithResolutionWithdrawalOrNewConfirmation()
    {
        List<AgreementFact> facts = [Confirmed(1, 1, 1), Fact(2, FactKind.Disputed, 2) with { Concerns = Id(1) }];
        Assert.True(StandingFold.Of(facts).Has(StandingFlags.Disputed));
        Assert.False(StandingFold.Of([.. facts, Fact(3, FactKind.DisputeResolved, 3) with { Concerns = Id(2) }]).Has(StandingFlags.Disputed));
        Assert.Equal(Standing.None, StandingFold.Of([.. facts, Fact(3, FactKind.Withdrawn, 3) with { Concerns = Id(1) }]));
        Assert.False(StandingFold.Of([.. facts, Confirmed(3, 3, 3)]).Has(StandingFlags.Disputed));
    }

    [Fact]
    public void Of_CloudDirectAndNationalCloud_AreFlags()
    {
        var standing = StandingFold.Of(
            [Confirmed(1, 1, 1) with { Type = AgreementType.MicrosoftCloudAgreement }, Fact(2, FactKind.AcceptedDirectly, 2) with { Version = 2 }],
            nationalCloud: true);
        Assert.Equal(new Standing(Standing.NoDate, 0, 2,
            StandingFlags.CloudConfirmed | StandingFlags.AcceptedDirectly | StandingFlags.NationalCloud), standing);
    }

    private static GateVerdict Ask(Standing standing, DateTimeOffset now) => Gate.Verdict(new GateQuestion(
        standing, ActionClass.NewPurchase, Channel.Api, PartnerEnvironment.Production, now, SwitchProfiles.ByName("strict")!),
        PolicyTimeline.BuiltIn);

    private static AgreementFact Confirmed(int id, int recorded, int agreed) =>
        Fact(id, FactKind.Confirmed, recorded) with { DateAgreed = Day(agreed) };

    private static AgreementFact Fact(int id, FactKind kind, int recorded) =>
        new(Id(id), kind, AgreementType.MicrosoftCustomerAgreement, Day(recorded));

    private static FactId Id(int number) => new(new Guid(number, 0, 0, new byte[8]));

    /// <summary>Days around the cut-off.</summary>
    private static DateTimeOffset Day(int number) => Utc("2023-03-29").AddDays(number);
}
