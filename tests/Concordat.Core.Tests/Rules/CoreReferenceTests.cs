using System.Text.RegularExpressions;

namespace Concordat.Core.Tests.Rules;

/// <summary>Core references only the runtime: no package, no project, no assembly outside the shared framework.</summary>
public partial class CoreReferenceTests
{
    [Fact]
    public void CoreAssembly_References_AreTheRuntimes()
    {
        var foreign = typeof(Problem).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name ?? "").Where(IsForeign);
        Assert.Empty(foreign);
    }

    [Fact]
    public void CoreProject_ReferenceItems_AreAbsent() =>
        Assert.Empty(SourceTree.Files(".csproj", "src/Concordat.Core").SelectMany(file => ReferenceItems(file.Text)));

    [Theory]
    [InlineData("Npgsql")]
    [InlineData("Microsoft.AspNetCore.Http")]
    [InlineData("SystemWide")]
    public void IsForeign_OtherAssembly_True(string name) => Assert.True(IsForeign(name));

    [Theory]
    [InlineData("""<PackageReference Include="Dapper" />""")]
    [InlineData("""<ProjectReference Include="../X/X.csproj" />""")]
    [InlineData("""<FrameworkReference Include="Microsoft.AspNetCore.App" />""")]
    public void ReferenceItems_BrokenProject_Found(string item) =>
        Assert.Single(ReferenceItems($"<Project><ItemGroup>{item}</ItemGroup></Project>"));

    private static bool IsForeign(string name) =>
        name is not ("System" or "netstandard" or "mscorlib") && !name.StartsWith("System.", StringComparison.Ordinal);

    private static IEnumerable<string> ReferenceItems(string project) =>
        ReferenceItem().Matches(project).Select(match => match.Value);

    [GeneratedRegex(@"<\w*Reference\s[^>]*>")]
    private static partial Regex ReferenceItem();
}
