using System.Globalization;
using System.Resources;

namespace Concordat.Server.Hosting.Pages;

/// <summary>
/// What people read on pages and in mails, in one language. The words are in <c>Texts/Texts.resx</c> (English) and
/// <c>Texts/Texts.&lt;language&gt;.resx</c>: one more file is one more language. Keys are <c>Area.Thing</c>, sorted.
/// </summary>
internal sealed class Texts
{
    private static readonly ResourceManager Resources = new("Concordat.Server.Texts.Texts", typeof(Texts).Assembly);

    private Texts(CultureInfo culture) => Culture = culture;

    public static Texts English { get; } = new(CultureInfo.GetCultureInfo("en"));

    /// <summary>Every language that has a file; English first.</summary>
    public static IReadOnlyList<Texts> All { get; } = [English, .. Translations()];

    /// <summary>Decides how dates and numbers are written, too.</summary>
    public CultureInfo Culture { get; }

    /// <summary>The tag for <c>lang</c> attributes: <c>en</c>, <c>ja</c>.</summary>
    public string Language => Culture.Name;

    /// <summary><c>ltr</c> or <c>rtl</c>, for <c>dir</c> attributes.</summary>
    public string Direction => Culture.TextInfo.IsRightToLeft ? "rtl" : "ltr";

    /// <summary>The language's own name for itself.</summary>
    public string Name => Culture.NativeName;

    /// <summary>The text of a key; one that does not exist is a bug.</summary>
    public string this[string key] => Resources.GetString(key, Culture) ?? throw new KeyNotFoundException($"There is no text {key}.");

    /// <summary>The text with its placeholders filled, written as this language writes dates and numbers.</summary>
    public string this[string key, params object?[] values] => string.Format(Culture, this[key], values);

    /// <summary>
    /// The texts for a language tag as clients and people write it (<c>ja</c>, <c>ja-JP</c>, <c>JA_jp</c>); null when there
    /// is no file for its language.
    /// </summary>
    public static Texts? Find(string? tag)
    {
        if (tag is not { Length: >= 2 and <= 35 })
        {
            return null;
        }

        var end = tag.AsSpan().IndexOfAny('-', '_');
        var language = end < 0 ? tag : tag[..end];
        return All.FirstOrDefault(texts => texts.Language.Equals(language, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The texts for a tag, else English.</summary>
    public static Texts Of(string? tag) => Find(tag) ?? English;

    // The build puts each translation into a folder named after its language.
    private static IEnumerable<Texts> Translations() =>
        from folder in Directory.EnumerateDirectories(AppContext.BaseDirectory)
        let language = Path.GetFileName(folder)
        where File.Exists(Path.Combine(folder, $"{typeof(Texts).Assembly.GetName().Name}.resources.dll"))
        orderby language
        select new Texts(CultureInfo.GetCultureInfo(language));
}
