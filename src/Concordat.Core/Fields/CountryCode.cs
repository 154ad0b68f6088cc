using Concordat.Core.Reference;

namespace Concordat.Core.Fields;

/// <summary>An ISO 3166-1 alpha-2 code. Documented as case-sensitive, accepted in any case, answered in upper case.</summary>
public static class CountryCode
{
    /// <summary>Two ASCII letters, whether or not a country has them (<c>KO</c>, <c>ZZ</c>), in upper case.</summary>
    public static Outcome<string> Parse(string? text, string field) =>
        text is { Length: 2 } && char.IsAsciiLetter(text[0]) && char.IsAsciiLetter(text[1])
            ? text.ToUpperInvariant()
            : new Problem(ProblemCode.InvalidInput, "The country must be a two-letter code such as US or JP.", field);

    /// <summary>As <see cref="Parse"/>, and a country that customers can have (an address, a new customer).</summary>
    public static Outcome<string> ParseKnown(string? text, string field)
    {
        var parsed = Parse(text, field);
        if (!parsed.TryGetValue(out var country, out _) || CountryRules.Find(country) is not null) return parsed;
        return new Problem(ProblemCode.InvalidInput, "The country is none that customers can have.", field);
    }
}
