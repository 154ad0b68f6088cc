using Concordat.Core.Agreements;
using static Concordat.Core.Tests.Policy.Samples;

namespace Concordat.Core.Tests.Agreements;

public sealed class AgreementVersionsTests
{
    private const AgreementType Mca = AgreementType.MicrosoftCustomerAgreement;

    [Theory]
    [InlineData("2019-09-30T23:59:59.999Z", 0)]
    [InlineData("2019-10-01", 1)]
    [InlineData("2023-02-28T23:59:59.999Z", 1)]
    [InlineData("2023-03-01", 2)]
    [InlineData("2030-01-01", 2)]
    public void InForceAt_CustomerAgreement_ByDate(string date, byte number) =>
        Assert.Equal(number, AgreementVersions.BuiltIn.InForceAt(Mca, Utc(date)));

    [Fact]
    public void InForceAt_CloudAgreement_HasOneVersion() =>
        Assert.Equal(1, AgreementVersions.BuiltIn.InForceAt(AgreementType.MicrosoftCloudAgreement, Utc("2015-05-05")));

    [Fact]
    public void With_NextVersion_IsInForceFromItsDate()
    {
        var versions = AgreementVersions.BuiltIn.With(new(Mca, 3, Utc("2027-01-01"))).Value;
        Assert.Equal(2, versions.InForceAt(Mca, Utc("2026-12-31T23:59:59.999Z")));
        Assert.Equal(3, versions.InForceAt(Mca, Utc("2027-01-01")));
    }

    [Theory]
    [InlineData(2, "2027-01-01", "number")]
    [InlineData(4, "2027-01-01", "number")]
    [InlineData(3, "2023-03-01", "inForceFrom")]
    public void With_WrongNumberOrDate_IsRefused(byte number, string date, string field) =>
        Assert.Equal(field, AgreementVersions.BuiltIn.With(new(Mca, number, Utc(date))).Problem?.Field);
}
