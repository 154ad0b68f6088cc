using System.Text.RegularExpressions;

namespace Concordat.Core.Tests.Rules;

/// <summary>
/// No file names the machine it was written on or the host packages were restored from: a clone restores from wherever its
/// owner's NuGet and npm are set to. (The patterns are cut in two so that this file passes its own check.)
/// </summary>
public partial class PrivateNameTests
{
    [Fact]
    public void Repository_Text_NamesNoMachineAndNoRegistry() => Assert.Empty(SourceTree.Files().SelectMany(Faults));

    [Theory]
    [InlineData("see /ho" + "me/somebody/concordat")]
    [InlineData("cp /ro" + "ot/a b")]
    [InlineData("DIR=/wo" + "rk/shared")]
    [InlineData("/tmp" + "/wt/x")]
    [InlineData(@"C:\Us" + @"ers\somebody\x")]
    [InlineData("https://api.nu" + "get.org/v3/index.json")]
    [InlineData("\"resolved\": \"https://registry.np" + "mjs.org/a/-/a-1.tgz\"")]
    [InlineData("https://company.jf" + "rog.io/x")]
    public void Faults_PrivateName_Found(string text) => Assert.Single(Faults(new SourceFile("a.md", "x\n" + text + "\n")));

    [Theory]
    [InlineData("cd \"$root/artifacts\"")]
    [InlineData("https://example.org/ho" + "me/page")]
    [InlineData("mktemp -d /tmp/concordat.XXXX")]
    [InlineData("NuGet packages, npm packages")]
    public void Faults_OrdinaryText_None(string text) => Assert.Empty(Faults(new SourceFile("a.md", text)));

    private static IEnumerable<string> Faults(SourceFile file) =>
        PrivateName().Matches(file.Text).Select(match => $"{file.Path} names {match.Value}");

    [GeneratedRegex(
        @"(?<![\w.:/}-])/(home|root|work)/\w+|/tmp/[w]t\b|[A-Z]:\\Users\\\w+|\b(nuget\.org|npmjs\.(org|com)|pypi\.org|jfrog\.io)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex PrivateName();
}
