using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Concordat.Server.Hosting.Pages;

/// <summary>
/// In which language a request is answered: what the reader chose (<c>lang</c> in the address or the form), else what the
/// page knows (an attestation has a language), else what the browser prefers, else English. Nothing is kept in a cookie.
/// </summary>
internal static class PageLanguage
{
    public const string Field = "lang";

    /// <summary>The texts of this request.</summary>
    public static Texts Texts(this HttpContext http)
    {
        if (http.Items[typeof(Texts)] is not Texts texts)
        {
            texts = Chosen(http) ?? Preferred(http.Request) ?? Pages.Texts.English;
            http.Items[typeof(Texts)] = texts;
        }

        return texts;
    }

    /// <summary>What the page knows of its reader; counts unless the reader chose otherwise.</summary>
    public static void Suggest(this HttpContext http, string? language)
    {
        if (Chosen(http) is null && Pages.Texts.Find(language) is { } texts)
        {
            http.Items[typeof(Texts)] = texts;
        }
    }

    /// <summary>The same page in another language: path and other parameters stay.</summary>
    public static string AddressIn(HttpContext http, Texts texts)
    {
        var others = Query(http).Where(parameter => !parameter.Key.Equals(Field, StringComparison.OrdinalIgnoreCase));
        var path = http.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath ?? http.Request.Path;
        return http.Request.PathBase + path + QueryString.Create(others).Add(Field, texts.Language);
    }

    private static Texts? Chosen(HttpContext http)
    {
        // Only a form that was read: what is no form, or too long for one, must not fail its own error page.
        return Pages.Texts.Find(Query(http).FirstOrDefault(parameter => parameter.Key == Field).Value.ToString())
            ?? (http.Features.Get<IFormFeature>()?.Form is { } form && form.TryGetValue(Field, out var field) ? Pages.Texts.Find(field.ToString()) : null);
    }

    // An error page is carried out in place of what was asked for, whose query the framework keeps aside.
    private static IEnumerable<KeyValuePair<string, StringValues>> Query(HttpContext http) =>
        http.Features.Get<IStatusCodeReExecuteFeature>() is { } error ? QueryHelpers.ParseQuery(error.OriginalQueryString) : http.Request.Query;

    private static Texts? Preferred(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => Pages.Texts.Find(language.Value.Value))
            .FirstOrDefault(texts => texts is not null);
}
