using Concordat.Core.Agreements;

namespace Concordat.Core.Tests.Agreements;

public class FactFlagsTests
{
    private static readonly DateTimeOffset Since = new(2024, 5, 6, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2024-05-06T00:00:00Z", AgreementType.MicrosoftCustomerAgreement)]
    [InlineData("2024-05-05T23:59:59Z", AgreementType.MicrosoftCustomerAgreement, FactFlagKind.OlderThanCustomer)]
    [InlineData("2019-10-01T00:00:00Z", AgreementType.MicrosoftCustomerAgreement, FactFlagKind.OlderThanCustomer)]
    [InlineData("2019-09-30T23:59:59Z", AgreementType.MicrosoftCustomerAgreement, FactFlagKind.OlderThanTemplate, FactFlagKind.OlderThanCustomer)]
    [InlineData("2018-06-01T00:00:00Z", AgreementType.MicrosoftCloudAgreement, FactFlagKind.OlderThanCustomer)]
    [InlineData("2030-01-01T00:00:00Z", AgreementType.MicrosoftCloudAgreement)]
    public void Of_DateAgreed_IsComparedWithTextAndAccount(string agreed, AgreementType type, params FactFlagKind[] expected) =>
        Assert.Equal(expected, Flags(Fact(FactKind.Confirmed, agreed, type)).Select(flag => flag.Kind));

    [Fact]
    public void Of_OldDate_NamesWhatItIsOlderThan() => Assert.Equal(
        [
            new(FactFlagKind.OlderThanTemplate, new DateTimeOffset(2019, 10, 1, 0, 0, 0, TimeSpan.Zero)),
            new FactFlag(FactFlagKind.OlderThanCustomer, Since),
        ],
        Flags(Fact(FactKind.Corrected, "2015-01-01T00:00:00Z")));

    [Fact]
    public void Of_SimilarSignatory_NamesTheOtherRecord()
    {
        var earlier = Fact(FactKind.Confirmed, "2024-06-01T00:00:00Z");
        Assert.Equal(
            new FactFlag(FactFlagKind.SimilarSignatory, earlier.RecordedAt, earlier.Id),
            Assert.Single(Flags(Fact(FactKind.Confirmed, "2024-06-02T00:00:00Z"), earlier)));
    }

    [Theory]
    [InlineData(FactKind.AcceptedDirectly)]
    [InlineData(FactKind.Refused)]
    [InlineData(FactKind.Disputed)]
    [InlineData(FactKind.Withdrawn)]
    public void Of_WhatNoPartnerStates_HasNone(FactKind kind) => Assert.Empty(Flags(Fact(kind, "2011-01-01T00:00:00Z")));

    private static IReadOnlyList<FactFlag> Flags(AgreementFact fact, AgreementFact? similar = null) =>
        FactFlags.Of(fact, Since, AgreementVersions.BuiltIn, similar);

    private static AgreementFact Fact(FactKind kind, string agreed, AgreementType type = AgreementType.MicrosoftCustomerAgreement) =>
        new(new FactId(Guid.Parse("0b5f9f6a-0000-4000-8000-000000000009")), kind, type, Since.AddYears(1))
        {
            DateAgreed = DateTimeOffset.Parse(agreed, System.Globalization.CultureInfo.InvariantCulture),
        };
}
