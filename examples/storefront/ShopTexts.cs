using System.Globalization;
using System.Text.Json;

namespace Storefront;

/// <summary>The shop's words in one language, from <c>Texts/en.json</c> and <c>Texts/ja.json</c>.</summary>
internal sealed class ShopTexts
{
    private static readonly IReadOnlyList<ShopTexts> All = [new("en"), new("ja")];

    private readonly Dictionary<string, string> words;

    private ShopTexts(string language)
    {
        Language = language;
        using var stream = typeof(ShopTexts).Assembly.GetManifestResourceStream(language)!;
        words = JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }

    public string Language { get; }

    public ShopTexts Other => All.First(texts => texts != this);

    public string this[string key] => words[key];

    public string this[string key, params object?[] values] => string.Format(CultureInfo.GetCultureInfo(Language), words[key], values);

    /// <summary>The reader's choice (<c>lang</c>), else what the browser prefers, else English.</summary>
    public static ShopTexts Of(HttpRequest request)
    {
        var chosen = request.Query["lang"].ToString();
        return All.FirstOrDefault(texts => texts.Language == chosen)
            ?? request.GetTypedHeaders().AcceptLanguage
                .OrderByDescending(language => language.Quality ?? 1)
                .Select(language => All.FirstOrDefault(texts => language.Value.StartsWith(texts.Language, StringComparison.OrdinalIgnoreCase)))
                .FirstOrDefault(texts => texts is not null)
            ?? All[0];
    }
}
