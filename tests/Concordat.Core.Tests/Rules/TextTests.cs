using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Concordat.Core.Tests.Rules;

/// <summary>
/// What people read stands in the resource files, every key in every language, with the same placeholders; and no key is
/// left that nothing shows.
/// </summary>
public partial class TextTests
{
    private const string Folder = "src/Concordat.Server/Texts";

    private static readonly Dictionary<string, Dictionary<string, string>> Languages =
        SourceTree.Files(".resx", Folder).ToDictionary(file => file.Path, file => XDocument.Parse(file.Text).Root!.Elements("data")
            .ToDictionary(entry => entry.Attribute("name")!.Value, entry => entry.Element("value")!.Value));

    private static Dictionary<string, string> English => Languages[Folder + "/Texts.resx"];

    [Fact]
    public void Texts_EnglishAndJapanese_AreThere() =>
        Assert.All(["/Texts.resx", "/Texts.ja.resx"], name => Assert.Contains(Folder + name, Languages));

    [Fact]
    public void Texts_EveryLanguage_HasTheSameKeys() =>
        Assert.All(Languages, language => Assert.Equal(English.Keys.Order(), language.Value.Keys.Order()));

    [Fact]
    public void Texts_Keys_AreSorted() =>
        Assert.All(Languages, language => Assert.Equal(language.Value.Keys.Order(StringComparer.Ordinal), language.Value.Keys));

    [Fact]
    public void Texts_EveryLanguage_HasTheSamePlaceholders() => Assert.All(Languages.Values, language => Assert.All(language, entry =>
        Assert.Equal(Placeholders(English[entry.Key]), Placeholders(entry.Value))));

    [Fact]
    public void Texts_EveryKey_IsUsed()
    {
        var sources = string.Join('\n', SourceTree.Files(".cs", "src").Concat(SourceTree.Files(".cshtml", "src")).Select(file => file.Text));
        var unused = English.Keys.Where(key => !sources.Contains($"\"{key}\"", StringComparison.Ordinal) && !IsComposed(key, sources));
        Assert.Empty(unused);
    }

    /// <summary>
    /// Pages hold no words of their own: between their tags stand expressions only. Names (the product's) come from the
    /// resources, too.
    /// </summary>
    [Fact]
    public void Pages_Markup_HoldsNoWords() =>
        Assert.Empty(SourceTree.Files(".cshtml", "src").SelectMany(file => Words().Matches(WithoutCode(file.Text)).Select(match => $"{file.Path}: {match.Value.Trim()}")));

    [Theory]
    [InlineData("<p>Hello there</p>", true)]
    [InlineData("<p>@text[\"A.B\"]</p>", false)]
    [InlineData("<p>@text[\"A.B\"] <code>@Model.Id</code></p>", false)]
    [InlineData("<a title=\"Read more\" href=\"/x\">@x</a>", true)]
    public void Words_Markup_Found(string markup, bool found) => Assert.Equal(found, Words().IsMatch(WithoutCode(markup)));

    private static List<string> Placeholders(string text) => [.. Placeholder().Matches(text).Select(match => match.Value).Order()];

    // "Error.Gone.Title" is written in the source as $"Error.{kind}.Title".
    private static bool IsComposed(string key, string sources)
    {
        var parts = key.Split('.');
        for (var i = 0; i < parts.Length; i++)
        {
            var pattern = "\\$\"" + string.Join("\\.", parts.Select((part, at) => at == i ? "\\{[^}\"]+\\}" : Regex.Escape(part))) + "\"";
            if (Regex.IsMatch(sources, pattern))
            {
                return true;
            }
        }

        return false;
    }

    private static string WithoutCode(string page)
    {
        var text = RazorComment().Replace(page, "");
        text = Statement().Replace(text, "");
        // A control line, a directive or a line of code; what is left is markup.
        return string.Join('\n', text.Split('\n').Where(line => !CodeLine().IsMatch(line)));
    }

    [GeneratedRegex(@"\{\d+[^}]*\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex RazorComment();

    // Expressions with their indexers, calls and generic arguments; @{ } blocks at the margin.
    [GeneratedRegex(@"^@\{.*?^\}|@\((?>[^()]+|\((?<d>)|\)(?<-d>))*(?(d)(?!))\)|@(?:await )?[\w.]+(?:\[[^\]]*\]|\((?>[^()]+|\((?<e>)|\)(?<-e>))*(?(e)(?!))\)|\.\w+|!|\?)*", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Statement();

    [GeneratedRegex(@"^\s*(@|\}|\{|else\b|if\b|var\b|foreach\b|switch\b|case\b|break;|\(|//)")]
    private static partial Regex CodeLine();

    [GeneratedRegex(@">[^<>@]*\p{L}{2,}[^<>@]*<|\b(title|alt|placeholder|aria-label)=""[^""@]*\p{L}{2,}[^""]*""")]
    private static partial Regex Words();
}
