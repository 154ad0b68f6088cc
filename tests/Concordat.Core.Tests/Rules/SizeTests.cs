namespace Concordat.Core.Tests.Rules;

/// <summary>Limits that keep a file on a few screens and a method on one. Methods of tests are outside the limit.</summary>
public class SizeTests
{
    private const int FileLimit = 400;
    private const int MethodLimit = 60;

    [Fact]
    public void Sources_Files_StayUnderTheLimit() =>
        Assert.Empty(SourceTree.Files(".cs", "src", "tests", "bench").SelectMany(FileFaults));

    [Fact]
    public void Sources_Methods_StayUnderTheLimit() =>
        Assert.Empty(SourceTree.Files(".cs", "src", "bench").SelectMany(MethodFaults));

    [Fact]
    public void Sources_Scan_SeesThisRepository()
    {
        var members = SourceTree.Files(".cs", "src").SelectMany(file => CSharpMembers.In(file.Text)).ToList();
        Assert.Contains(members, member => member.Signature == "public bool Has(StandingFlags flags)");
        Assert.Contains(members, member => member.Signature == "private Outcome(T? value, Problem? problem)" && member.Lines == 1);
    }

    [Fact]
    public void WithoutLiterals_EverySource_LeavesBalancedBraces() =>
        Assert.DoesNotContain(SourceTree.Files(".cs", "src", "tests", "bench"), file => !IsBalanced(file.Text));

    [Fact]
    public void FileFaults_OneLineTooMany_Found()
    {
        Assert.Single(FileFaults(new SourceFile("a.cs", Lines(FileLimit + 1))));
        Assert.Empty(FileFaults(new SourceFile("a.cs", Lines(FileLimit))));
    }

    [Theory]
    [InlineData("class C\n{\n    [Fact]\n    public void M()\n    {\n§    }\n}\n", 3)]
    [InlineData("namespace N\n{\n    record struct R(int A)\n    {\n        int M() => A switch\n        {\n§        };\n    }\n}\n", 3)]
    [InlineData("static class C\n{\n    int a = 1;\n    string s = $\"{{{a} {x[\"}\"]}\";\n    C() : base('{')\n    {\n§    }\n}\n", 3)]
    [InlineData("class C\n{\n    void M<T>() where T : class\n    {\n        Run(() => { });\n§    }\n}\n", 4)]
    [InlineData("class C\n{\n    public static bool operator ==(C a, C b)\n    {\n§    }\n}\n", 3)]
    [InlineData("class C\n{\n    int P\n    {\n        get\n        {\n§        }\n    }\n}\n", 6)]
    public void MethodFaults_OneLineTooMany_Found(string sample, int frame)
    {
        var tooLong = sample.Replace("§", Lines(MethodLimit + 1 - frame), StringComparison.Ordinal);
        Assert.Single(MethodFaults(new SourceFile("a.cs", tooLong)));
        var longest = sample.Replace("§", Lines(MethodLimit - frame), StringComparison.Ordinal);
        Assert.Empty(MethodFaults(new SourceFile("a.cs", longest)));
    }

    [Theory]
    [InlineData("class C\n{\n    int[] Table { get; } =\n    [\n§    ];\n}\n")]
    [InlineData("class C\n{\n    string Sql = \"\"\"\n§{{{\n\"\"\";\n    void M() { }\n}\n")]
    [InlineData("/* {\n§*/\nenum E\n{\n    A, // {\n    B,\n}\n")]
    [InlineData("record R(\n§    int A);\n")]
    public void MethodFaults_LongData_None(string sample) =>
        Assert.Empty(MethodFaults(new SourceFile("a.cs", sample.Replace("§", Lines(MethodLimit * 2), StringComparison.Ordinal))));

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("\n", count));

    private static bool IsBalanced(string text)
    {
        var code = CSharpText.WithoutLiterals(text);
        return code.Count(c => c == '{') == code.Count(c => c == '}') && code.Count(c => c == '(') == code.Count(c => c == ')');
    }

    private static IEnumerable<string> FileFaults(SourceFile file)
    {
        var lines = file.Text.Count(c => c == '\n');
        return lines > FileLimit ? [$"{file.Path} has {lines} lines"] : [];
    }

    private static IEnumerable<string> MethodFaults(SourceFile file) =>
        CSharpMembers.In(file.Text)
            .Where(member => member.Lines > MethodLimit)
            .Select(member => $"{file.Path}: {member.Signature} has {member.Lines} lines");
}
