using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using Concordat.Core.Agreements;

namespace Concordat.Core.Reference;

/// <summary>
/// What an address of one country must look like: the answer of <c>GET /v1/countryvalidationrules/{iso2}</c>. Calling
/// codes are the ITU's, postal forms and state codes the national posts'; languages and cultures are those in which this
/// service offers the agreement. Where a country has no entry the rule is lenient.
/// </summary>
public sealed record CountryRules
{
    // Wider than any national plan on purpose: Microsoft's own expressions are not published.
    private const string AnyPhone = "^[0-9+() ./-]{3,32}$";

    private static readonly FrozenDictionary<string, CountryRules> ByIso2 = Load();

    private readonly Regex? postalCode;

    private CountryRules(string iso2, Entry entry)
    {
        Iso2 = iso2;
        States = entry.States?.Split(' ') ?? [];
        SupportedCultures = TemplateCatalogue.LanguagesFor(iso2);
        SupportedLanguages = [.. SupportedCultures.Select(tag => tag[..tag.IndexOf('-', StringComparison.Ordinal)])];
        PostalCodeRegex = entry.Postal;
        IsCityRequired = entry.City;
        IsRegistrationNumberSupported = entry.Registration;
        CallingCodes = entry.Calling;
        const RegexOptions linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        postalCode = entry.Postal is null ? null : new Regex(entry.Postal, linear);
    }

    /// <summary>Upper case.</summary>
    public string Iso2 { get; }
    /// <summary>The country's own culture where one is offered, otherwise <c>en-US</c>.</summary>
    public string DefaultCulture => SupportedCultures[^1];
    /// <summary>True for the four countries whose states are checked against a list.</summary>
    public bool IsStateRequired => States.Count > 0;
    /// <summary>Two-letter codes; empty when any text of that length passes.</summary>
    public IReadOnlyList<string> States { get; }
    /// <summary>ISO 639-1 codes.</summary>
    public IReadOnlyList<string> SupportedLanguages { get; }
    /// <summary>Language tags with region.</summary>
    public IReadOnlyList<string> SupportedCultures { get; }
    /// <summary>True where a form is known.</summary>
    public bool IsPostalCodeRequired => PostalCodeRegex is not null;
    /// <summary>Anchored; written so that JavaScript, Java and .NET read it alike. Null when any code passes.</summary>
    public string? PostalCodeRegex { get; }
    /// <summary>False for city states.</summary>
    public bool IsCityRequired { get; }
    /// <summary>The same lenient expression everywhere.</summary>
    public string PhoneNumberRegex { get; } = AnyPhone;
    /// <summary>True where an organisation registration number is demanded.</summary>
    public bool IsRegistrationNumberSupported { get; }
    /// <summary>Digits without plus; area codes of shared plans included (<c>1787</c>).</summary>
    public IReadOnlyList<string> CallingCodes { get; }

    /// <summary>Every country with rules: those of the template catalogue, and China.</summary>
    public static IEnumerable<CountryRules> All => ByIso2.Values;

    /// <summary>By alpha-2 code in any case; null when it is no country that customers can have.</summary>
    public static CountryRules? Find(string iso2) => ByIso2.GetValueOrDefault(iso2.ToUpperInvariant());

    /// <summary>Whether the text has the country's form; always true where none is known.</summary>
    public bool IsPostalCode(string text) => postalCode?.IsMatch(text) ?? true;

    private static FrozenDictionary<string, CountryRules> Load()
    {
        using var json = typeof(CountryRules).Assembly.GetManifestResourceStream("country-rules.json")!;
        var entries = JsonSerializer.Deserialize<Dictionary<string, Entry>>(json, JsonSerializerOptions.Web)!;
        return entries.ToFrozenDictionary(
            pair => pair.Key, pair => new CountryRules(pair.Key, pair.Value), StringComparer.Ordinal);
    }

    private sealed record Entry(
        string[] Calling, string? Postal = null, string? States = null, bool Registration = false, bool City = true);
}
