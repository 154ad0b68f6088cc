using System.Collections.Frozen;
using System.Text.Json;
using Concordat.Core.Fields;

namespace Concordat.Core.Agreements;

/// <summary>
/// The agreement templates, and in which languages each country can read them: Partner Center's documented list
/// (agreements reference, section 2.2), every country also in <c>en-US</c>. Purchasing channel and audience are constants.
/// </summary>
public static class TemplateCatalogue
{
    /// <summary>What an absent or unoffered language becomes.</summary>
    public const string DefaultLanguage = "en-US";
    /// <summary>What an absent country becomes.</summary>
    public const string DefaultCountry = "US";

    private static readonly string[] EnglishOnly = [DefaultLanguage];
    private static readonly FrozenDictionary<string, string[]> LanguagesByCountry = Load();

    /// <summary>In the order in which the real service was seen to list them.</summary>
    public static readonly IReadOnlyList<AgreementTemplate> All =
    [
        new(new Guid("117a77b0-9360-443b-8795-c6dedc750cf9"), AgreementType.MicrosoftCustomerAgreement,
            new Uri("https://aka.ms/customeragreement"), 0),
        new(new Guid("998b88de-aa99-4388-a42c-1b3517d49490"), AgreementType.MicrosoftCloudAgreement,
            new Uri("https://docs.microsoft.com/en-us/partner-center/agreements"), 0),
    ];

    /// <summary>Alpha-2 codes, sorted; includes XE, XJ, XK and XS, which ISO does not assign.</summary>
    public static IReadOnlyList<string> Countries { get; } = [.. LanguagesByCountry.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Every tag that some country offers, sorted.</summary>
    public static IReadOnlyList<string> Languages { get; } =
        [.. LanguagesByCountry.Values.SelectMany(tags => tags).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The template, or null. Ids compare as GUIDs, so in any case.</summary>
    public static AgreementTemplate? Find(Guid id) => All.FirstOrDefault(template => template.Id == id);

    /// <summary>The one template of a type.</summary>
    public static AgreementTemplate Of(AgreementType type) => All.Single(template => template.Type == type);

    /// <summary>English first, then the country's own; English alone for a country that is not in the list.</summary>
    public static IReadOnlyList<string> LanguagesFor(string country) =>
        LanguagesByCountry.GetValueOrDefault(country.ToUpperInvariant(), EnglishOnly);

    /// <summary>
    /// In which of the country's languages a text is shown to who asked for <paramref name="tag"/>: that one; for a language
    /// alone (<c>ja</c>) the country's form of it (<c>ja-JP</c>); English otherwise.
    /// </summary>
    public static string LanguageFor(string country, string tag)
    {
        var offered = LanguagesFor(country);
        return offered.Contains(tag)
            ? tag
            : offered.FirstOrDefault(own => own.StartsWith(tag + "-", StringComparison.OrdinalIgnoreCase)) ?? DefaultLanguage;
    }

    /// <summary>
    /// The effective country and language of a template document. Absent and empty take the defaults; a well-formed
    /// language that the country does not offer falls back to English; a well-formed country that does not exist is
    /// answered in English under the code as asked (Microsoft's sample asks for <c>KO</c> and expects an answer). Only a
    /// malformed value is a problem.
    /// </summary>
    public static Outcome<DocumentLocale> Resolve(string? country, string? language)
    {
        var faults = new Faults();
        var asked = faults.Take(CountryCode.Parse(string.IsNullOrEmpty(country) ? DefaultCountry : country, "country"));
        var tag = faults.Take(LanguageTag.Parse(string.IsNullOrEmpty(language) ? DefaultLanguage : language, "language"));
        if (!faults.None) return faults.ToProblem();
        return new DocumentLocale(asked!, LanguageFor(asked!, tag!));
    }

    private static FrozenDictionary<string, string[]> Load()
    {
        using var json = typeof(TemplateCatalogue).Assembly.GetManifestResourceStream("template-languages.json")!;
        var file = JsonSerializer.Deserialize<Offers>(json, JsonSerializerOptions.Web)!;
        return file.Rows.SelectMany(row => row.Countries.Split(' ').Select(country => (country, row.Language)))
            .ToFrozenDictionary(
                pair => pair.country,
                pair => pair.Language == DefaultLanguage ? EnglishOnly : [DefaultLanguage, pair.Language],
                StringComparer.Ordinal);
    }

    private sealed record Offers(Offer[] Rows);

    private sealed record Offer(string Language, string Countries);
}
