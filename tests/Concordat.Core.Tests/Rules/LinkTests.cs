using System.Text.RegularExpressions;

namespace Concordat.Core.Tests.Rules;

/// <summary>Every relative link of the Markdown files leads to a file that exists, and its anchor to a heading.</summary>
public partial class LinkTests
{
    [Fact]
    public void Documents_RelativeLinks_Resolve() => Assert.Empty(SourceTree.Files(".md").SelectMany(Faults));

    [Theory]
    [InlineData("[a](docs/missing.md)")]
    [InlineData("[a](docs/../README)")]
    [InlineData("[a](README.md#no-such-heading)")]
    [InlineData("[a](#no-such-heading)")]
    [InlineData("[a]: missing.md")]
    public void Faults_BrokenLink_Found(string text) =>
        Assert.Single(Faults(new SourceFile("README.md", "# Some `heading`: here\n\n" + text + "\n")));

    [Theory]
    [InlineData("[a](README.md)")]
    [InlineData("[a](#some-heading-here)")]
    [InlineData("[a](docs)")]
    [InlineData("[a](https://example.org/missing.md)")]
    [InlineData("```\n[a](missing.md)\n```")]
    [InlineData("`[a](missing.md)`")]
    public void Faults_GoodLink_None(string text) =>
        Assert.Empty(Faults(new SourceFile("README.md", "# Some `heading`: here\n\n" + text + "\n")));

    private static IEnumerable<string> Faults(SourceFile file)
    {
        var prose = Code().Replace(file.Text, "");
        return Link().Matches(prose)
            .Select(match => match.Groups["target"].Value)
            .Where(target => !Absolute().IsMatch(target) && !Resolves(file, target))
            .Select(target => $"{file.Path} links to {target}");
    }

    private static bool Resolves(SourceFile file, string target)
    {
        var (path, anchor) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, "");
        var folder = Path.GetDirectoryName(Path.Combine(SourceTree.Root, file.Path)) ?? SourceTree.Root;
        var full = Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(path)));
        if (path.Length > 0 && !File.Exists(full) && !Directory.Exists(full))
        {
            return false;
        }

        var text = path.Length == 0 ? file.Text : File.Exists(full) ? File.ReadAllText(full) : "";
        return anchor.Length == 0 || Heading().Matches(text).Any(match => Slug(match.Groups[1].Value) == anchor);
    }

    /// <summary>The anchor that GitHub makes of a heading: lower case, blanks to hyphens, other signs dropped.</summary>
    private static string Slug(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant()
            .Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')
            .Select(c => c == ' ' ? '-' : c));

    [GeneratedRegex(@"```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)|^\[[^\]]+\]:\s*(?<target>\S+)", RegexOptions.Multiline)]
    private static partial Regex Link();

    [GeneratedRegex("^[a-z]+:", RegexOptions.IgnoreCase)]
    private static partial Regex Absolute();

    [GeneratedRegex(@"^#+\s+(.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
