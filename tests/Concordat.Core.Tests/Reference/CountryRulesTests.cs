using System.Text.RegularExpressions;
using Concordat.Core.Agreements;
using Concordat.Core.Reference;

namespace Concordat.Core.Tests.Reference;

public class CountryRulesTests
{
    [Fact]
    public void All_Countries_AreTheCatalogueAndChina() =>
        Assert.Equal(TemplateCatalogue.Countries.Append("CN").Order(StringComparer.Ordinal),
            CountryRules.All.Select(rules => rules.Iso2).Order(StringComparer.Ordinal));

    [Fact]
    public void All_CallingCodes_AreDigits() => Assert.All(CountryRules.All, rules =>
    {
        Assert.NotEmpty(rules.CallingCodes);
        Assert.All(rules.CallingCodes, code => Assert.Matches("^[1-9][0-9]{0,3}$", code));
    });

    [Theory]
    [InlineData("JP", "81")]
    [InlineData("GB", "44")]
    [InlineData("XK", "383")]
    [InlineData("PR", "1787,1939")]
    [InlineData("us", "1")]
    public void Find_Country_HasItsCallingCodes(string country, string codes) =>
        Assert.Equal(codes, string.Join(',', CountryRules.Find(country)!.CallingCodes));

    [Theory]
    [InlineData("US", 62)]
    [InlineData("CA", 13)]
    [InlineData("CN", 31)]
    [InlineData("MX", 32)]
    public void Find_CountryWithStates_ListsTwoLetterCodesOnce(string country, int count)
    {
        var states = CountryRules.Find(country)!.States;
        Assert.Equal(count, states.Distinct().Count());
        Assert.Equal(count, states.Count);
        Assert.All(states, state => Assert.Equal(2, state.Length));
    }

    [Fact]
    public void All_StateRequired_InFourCountriesOnly() =>
        Assert.Equal(["CA", "CN", "MX", "US"],
            CountryRules.All.Where(rules => rules.IsStateRequired).Select(rules => rules.Iso2).Order());

    [Fact]
    public void All_RegistrationNumber_InTheDocumentedCountries() => Assert.Equal(
        "AE AM AZ BR BY HU IN IQ KG KZ MD MM PL RU SA SS TH TJ TR UA UZ VE VN ZA",
        string.Join(' ', CountryRules.All.Where(rules => rules.IsRegistrationNumberSupported)
            .Select(rules => rules.Iso2).Order()));

    [Theory]
    [InlineData("GB", "SW1A 1AA", true)]
    [InlineData("GB", "SW1A", false)]
    [InlineData("NL", "1012 AB", true)]
    [InlineData("PL", "00-001", true)]
    [InlineData("PL", "00001", false)]
    [InlineData("BR", "01310-100", true)]
    [InlineData("KR", "04524", true)]
    [InlineData("IE", "anything", true)]
    public void IsPostalCode_Country_DecidesTheForm(string country, string code, bool expected) =>
        Assert.Equal(expected, CountryRules.Find(country)!.IsPostalCode(code));

    [Fact]
    public void All_Expressions_AreAnchoredAndLinear() => Assert.All(CountryRules.All, rules =>
    {
        string?[] patterns = [rules.PostalCodeRegex, rules.PhoneNumberRegex];
        Assert.All(patterns.OfType<string>(), pattern =>
        {
            Assert.Matches(@"^\^.*\$$", pattern);
            Assert.DoesNotMatch(new Regex(pattern, RegexOptions.NonBacktracking), "!");
        });
    });

    [Theory]
    [InlineData("JP", "ja-JP", "en,ja")]
    [InlineData("US", "en-US", "en")]
    [InlineData("RS", "sr-Latn-RS", "en,sr")]
    public void Find_Country_OffersItsCatalogueLanguages(string country, string culture, string languages)
    {
        var rules = CountryRules.Find(country)!;
        Assert.Equal((culture, languages), (rules.DefaultCulture, string.Join(',', rules.SupportedLanguages)));
    }

    [Fact]
    public void Find_UnknownCountry_IsNull() => Assert.Null(CountryRules.Find("ZZ"));
}
