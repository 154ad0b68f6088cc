using Concordat.Core.Fields;

namespace Concordat.Core.Tests.Fields;

public class PostalAddressTests
{
    private static readonly PostalAddress Redmond = new()
    {
        Country = "us",
        City = "Redmond",
        State = "WA",
        AddressLine1 = "One Way",
        PostalCode = "98052",
        FirstName = "A",
        LastName = "B",
    };

    [Fact]
    public void Check_GoodAddress_AnswersItsCountryInUpperCase() => Assert.Equal("US", Redmond.Check("a", true).Value.Country);

    [Theory]
    [InlineData("US", "WA", "98052", null)]
    [InlineData("US", "wa", "98052-1234", null)]
    [InlineData("US", "XX", "98052", "a.state")]
    [InlineData("US", null, "98052", "a.state")]
    [InlineData("US", "WA", "9805", "a.postalCode")]
    [InlineData("US", "WA", null, "a.postalCode")]
    [InlineData("US", "WA", "98052\n", "a.postalCode")]
    [InlineData("CA", "ON", "K1A 0B1", null)]
    [InlineData("CN", "GD", "510000", null)]
    [InlineData("MX", "JA", "44100", null)]
    [InlineData("MX", "ZZ", "44100", "a.state")]
    [InlineData("JP", null, "100-0005", null)]
    [InlineData("JP", "13", "1000005", null)]
    [InlineData("JP", "東京都", "1000005", "a.state")]
    [InlineData("JP", null, "１０００００５", "a.postalCode")]
    [InlineData("IE", null, null, null)]
    [InlineData("ZZ", null, null, "a.country")]
    public void Check_StateAndPostalCode_FollowTheCountry(string country, string? state, string? postalCode, string? fault) =>
        Assert.Equal(
            fault, (Redmond with { Country = country, State = state, PostalCode = postalCode }).Check("a", true).Problem?.Field);

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void Check_AddressLine_HasAtMost200(int length, bool accepted) =>
        Assert.Equal(accepted, (Redmond with { AddressLine1 = new string('x', length) }).Check("a", true).Problem is null);

    [Fact]
    public void Check_EmptyAddress_ReportsEveryFault()
    {
        var problem = new PostalAddress { Country = "US" }.Check("a", true).Problem!;
        Assert.Equal(["a.addressLine1", "a.firstName", "a.lastName", "a.city", "a.state", "a.postalCode"],
            problem.Also.Prepend(problem).Select(fault => fault.Field));
    }

    [Fact]
    public void Check_WithoutPerson_NamesMayBeLeftOutButNotBeMalformed()
    {
        var bare = Redmond with { FirstName = null, LastName = "" };
        Assert.Null(bare.Check("a", false).Problem);
        Assert.Equal("a.firstName", (bare with { FirstName = "\n" }).Check("a", false).Problem!.Field);
    }

    [Theory]
    [InlineData("BR", "12.345.678/0001-95", "+55 11 1234", null)]
    [InlineData("BR", null, "+55 11 1234", ProblemCode.RegistrationNumberMissing)]
    [InlineData("BR", "none", "+55 11 1234", ProblemCode.RegistrationNumberMalformed)]
    [InlineData("BR", "1\n2", "+55 11 1234", ProblemCode.RegistrationNumberMalformed)]
    [InlineData("BR", "12345678", "", ProblemCode.RegistrationPhoneMissing)]
    [InlineData("US", "12345678", "1", ProblemCode.RegistrationNumberNotSupported)]
    [InlineData("US", null, null, null)]
    [InlineData("KO", "", null, null)]
    public void RegistrationNumber_Country_DecidesWhetherItIsDemanded(
        string country, string? number, string? phone, ProblemCode? expected) =>
        Assert.Equal(expected, RegistrationNumber.Check(country, number, phone, "n", "p")?.Code);
}
