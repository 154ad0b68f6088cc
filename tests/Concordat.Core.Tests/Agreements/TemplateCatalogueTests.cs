using Concordat.Core.Agreements;

namespace Concordat.Core.Tests.Agreements;

public class TemplateCatalogueTests
{
    [Fact]
    public void Catalogue_Documented_Has246CountriesAnd40Languages()
    {
        Assert.Equal(246, TemplateCatalogue.Countries.Count);
        Assert.Equal(40, TemplateCatalogue.Languages.Count);
        Assert.All(TemplateCatalogue.Countries, country => Assert.Equal("en-US", TemplateCatalogue.LanguagesFor(country)[0]));
    }

    [Theory]
    [InlineData("en-US", 246)]
    [InlineData("es-ES", 18)]
    [InlineData("fr-FR", 14)]
    [InlineData("ar-SA", 12)]
    [InlineData("ru-RU", 4)]
    [InlineData("de-DE", 3)]
    [InlineData("pt-PT", 3)]
    [InlineData("zh-HK", 3)]
    [InlineData("nl-NL", 2)]
    [InlineData("ro-RO", 2)]
    [InlineData("ja-JP", 1)]
    [InlineData("sr-Latn-RS", 1)]
    public void Catalogue_Group_HasTheDocumentedSize(string language, int countries) =>
        Assert.Equal(
            countries, TemplateCatalogue.Countries.Count(country => TemplateCatalogue.LanguagesFor(country).Contains(language)));

    [Fact]
    public void Catalogue_EnglishOnly_Has155Countries() =>
        Assert.Equal(155, TemplateCatalogue.Countries.Count(country => TemplateCatalogue.LanguagesFor(country).Count == 1));

    [Theory]
    [InlineData("CN")]
    [InlineData("CU")]
    [InlineData("IR")]
    [InlineData("KP")]
    [InlineData("SY")]
    [InlineData("SD")]
    public void Catalogue_CountryNotInTheList_IsAbsent(string country) =>
        Assert.DoesNotContain(country, TemplateCatalogue.Countries);

    [Theory]
    [InlineData(null, null, "US", "en-US")]
    [InlineData("", "", "US", "en-US")]
    [InlineData("JP", "ja-JP", "JP", "ja-JP")]
    [InlineData("jp", "JA-jp", "JP", "ja-JP")]
    [InlineData("RS", "SR-LATN-RS", "RS", "sr-Latn-RS")]
    [InlineData("CA", "de-DE", "CA", "en-US")]
    [InlineData("KO", "ja-JP", "KO", "en-US")]
    [InlineData("zz", null, "ZZ", "en-US")]
    [InlineData("JP", "zh-Hans-CN", "JP", "en-US")]
    [InlineData("JP", "x-private", "JP", "en-US")]
    [InlineData("JP", "i-klingon", "JP", "en-US")]
    [InlineData("JP", "ja", "JP", "ja-JP")]
    [InlineData("RS", "sr", "RS", "sr-Latn-RS")]
    [InlineData("CA", "de", "CA", "en-US")]
    [InlineData(null, "ja-JP", "US", "en-US")]
    public void Resolve_WellFormed_AnswersTheEffectiveLocale(string? country, string? language, string effective, string tag) =>
        Assert.Equal(new DocumentLocale(effective, tag), TemplateCatalogue.Resolve(country, language).Value);

    [Theory]
    [InlineData("JPN", "ja-JP", new[] { "country" })]
    [InlineData("JP", "en_US", new[] { "language" })]
    [InlineData("*", "*", new[] { "country", "language" })]
    public void Resolve_Malformed_NamesEachFault(string country, string language, string[] fields)
    {
        var problem = TemplateCatalogue.Resolve(country, language).Problem!;
        Assert.Equal(fields, problem.Also.Prepend(problem).Select(fault => fault.Field));
    }

    [Fact]
    public void All_InTheObservedOrder_OneRowPerTypeWithRankZero()
    {
        Assert.Equal([AgreementType.MicrosoftCustomerAgreement, AgreementType.MicrosoftCloudAgreement],
            TemplateCatalogue.All.Select(template => template.Type));
        Assert.All(TemplateCatalogue.All, template => Assert.Equal(0, template.VersionRank));
        Assert.Equal(AgreementType.MicrosoftCustomerAgreement,
            TemplateCatalogue.Find(Guid.Parse("117A77B0-9360-443B-8795-C6DEDC750CF9"))!.Type);
        Assert.Equal(Guid.Parse("998b88de-aa99-4388-a42c-1b3517d49490"),
            TemplateCatalogue.Of(AgreementType.MicrosoftCloudAgreement).Id);
        Assert.Null(TemplateCatalogue.Find(Guid.Empty));
    }
}
