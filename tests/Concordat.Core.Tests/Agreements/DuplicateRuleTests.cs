using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using static Concordat.Core.Tests.Policy.Samples;

namespace Concordat.Core.Tests.Agreements;

public sealed class DuplicateRuleTests
{
    private static readonly SubjectId Sato = new(new Guid(1, 1, 1, new byte[8]));
    private static readonly SubjectId Mori = new(new Guid(2, 1, 1, new byte[8]));

    private static readonly AgreementFact Current = Record(1, Sato, "2024-06-01", 2);
    private static readonly AgreementFact Stale = Record(2, Sato, "2022-06-01", 1);

    private static readonly NewConfirmation Again = new(AgreementType.MicrosoftCustomerAgreement, Sato, 2, Channel.Api,
        PartnerEnvironment.Production, Utc("2025-11-01"), Switches.Default);

    [Fact]
    public void IsDuplicate_SameSignatoryStillValid_True() => Assert.True(Ask([Current], Again));

    [Fact]
    public void IsDuplicate_OtherSignatory_False() => Assert.False(Ask([Current], Again with { Contact = Mori }));

    [Fact]
    public void IsDuplicate_OtherAgreement_False() =>
        Assert.False(Ask([Current with { Type = AgreementType.MicrosoftCloudAgreement }], Again));

    [Theory]
    [InlineData("2021-01-13T23:59:59.999Z", false)]
    [InlineData("2021-01-14T00:00:00Z", true)]
    public void IsDuplicate_AroundTheFirstDayOfTheRule_StartsThen(string now, bool duplicate) =>
        Assert.Equal(duplicate, Ask([Record(1, Sato, "2020-06-01", 1)], Again with { Now = Utc(now), Version = 1 }));

    [Theory]
    [InlineData("2025-10-06T23:59:59.999Z", Channel.Api, true)]
    [InlineData("2025-10-07T00:00:00Z", Channel.Api, false)]
    [InlineData("2025-10-06T23:59:59.999Z", Channel.BulkTool, true)]
    [InlineData("2025-10-07T00:00:00Z", Channel.BulkTool, false)]
    public void IsDuplicate_StaleRecord_IsRenewedByTheSamePersonOnceItIsStale(string now, Channel channel, bool duplicate) =>
        Assert.Equal(duplicate, Ask([Stale], Again with { Now = Utc(now), Channel = channel, Version = 1 }));

    [Fact]
    public void IsDuplicate_NewerVersionOfTheText_MayBeAcceptedEarly() =>
        Assert.False(Ask([Stale], Again with { Now = Utc("2024-01-01"), Version = 2 }));

    [Fact]
    public void IsDuplicate_SupersededRefusedOrDisputedRecord_False()
    {
        Assert.False(Ask([Current, Objection(FactKind.Withdrawn)], Again));
        Assert.False(Ask([Current, Objection(FactKind.Refused)], Again));
        Assert.False(Ask([Current, Objection(FactKind.Disputed)], Again));
    }

    [Fact]
    public void IsDuplicate_OtherSignatoryRecordedSince_ComparesByScope()
    {
        AgreementFact[] facts = [Stale, Record(5, Mori, "2024-01-01", 2)];
        Assert.False(Ask(facts, Again));
        Assert.False(Ask(facts, With(DuplicateScope.Latest)));
        Assert.True(Ask(facts, With(DuplicateScope.Any)));
        Assert.True(Ask([.. facts, Record(6, Sato, "2020-01-01", 1) with { RecordedAt = Utc("2025-01-01") }], With(DuplicateScope.Latest)));
    }

    private static NewConfirmation With(DuplicateScope scope) =>
        Again with { Switches = Switches.Default with { DuplicateAgainst = scope } };

    private static bool Ask(AgreementFact[] facts, NewConfirmation confirmation) =>
        DuplicateRule.IsDuplicate(facts, confirmation, PolicyTimeline.BuiltIn);

    private static AgreementFact Objection(FactKind kind) =>
        new(new FactId(new Guid(9, 0, 0, new byte[8])), kind, AgreementType.MicrosoftCustomerAgreement, Utc("2025-01-01"))
        {
            Concerns = Current.Id,
        };

    private static AgreementFact Record(int id, SubjectId contact, string date, byte version) =>
        new(new FactId(new Guid(id, 0, 0, new byte[8])), FactKind.Confirmed, AgreementType.MicrosoftCustomerAgreement, Utc(date))
        {
            DateAgreed = Utc(date),
            Contact = contact,
            Version = version,
        };
}
