using System.Text.RegularExpressions;

namespace Concordat.Core.Tests.Rules;

/// <summary>
/// The server's folders point one way: edges -> Operations -> Storage, and edges never use each other. Hosting is wired
/// to everything and used by everything, so it is not restricted. The scan sees <c>using</c> lines and full names
/// (<c>Concordat.Server.Api.X</c>); a name qualified from the middle (<c>Api.X</c>) escapes it.
/// </summary>
public partial class DirectionTests
{
    private static readonly string[] Edges = ["PartnerCenter", "Api", "Sandbox", "Acceptance", "Portal"];

    [Fact]
    public void ServerSources_Usings_PointOneWay() =>
        Assert.Empty(SourceTree.Files(".cs", "src/Concordat.Server").SelectMany(Faults));

    [Fact]
    public void CoreSources_Usings_DoNotNameTheServer() =>
        Assert.DoesNotContain(SourceTree.Files(".cs", "src/Concordat.Core"), file => ServerFolder().IsMatch(file.Text));

    [Theory]
    [InlineData("PartnerCenter/Orders.cs", "using Concordat.Server.Api;")]
    [InlineData("Api/Precheck.cs", "using Concordat.Server.PartnerCenter;")]
    [InlineData("Sandbox/Seed.cs", "using static Concordat.Server.PartnerCenter.WireError;")]
    [InlineData("Operations/PlaceOrder.cs", "using W = Concordat.Server.PartnerCenter.WireOrder;")]
    [InlineData("Storage/OrderRows.cs", "global using Concordat.Server.Operations;")]
    [InlineData("Storage/Schema/Migrations.cs", "    Concordat.Server.Sandbox.Seed.Run();")]
    [InlineData("Background/Notices.cs", "using Concordat.Server.Api;")]
    public void Faults_WrongDirection_Found(string path, string line) =>
        Assert.Single(Faults(new SourceFile("src/Concordat.Server/" + path, "namespace X;\n" + line + "\n")));

    [Theory]
    [InlineData("PartnerCenter/Orders.cs", "using Concordat.Server.Operations;")]
    [InlineData("PartnerCenter/Orders.cs", "using Concordat.Server.Storage;")]
    [InlineData("Api/Precheck.cs", "using Concordat.Server.Hosting.Identity;")]
    [InlineData("Operations/PlaceOrder.cs", "// see Concordat.Server.PartnerCenter for the wire")]
    [InlineData("Background/Notices.cs", "using Concordat.Server.Operations;")]
    [InlineData("Program.cs", "using Concordat.Server.PartnerCenter;")]
    public void Faults_RightDirection_None(string path, string line) =>
        Assert.Empty(Faults(new SourceFile("src/Concordat.Server/" + path, line + "\n")));

    private static string[] ForbiddenFrom(string folder) => folder switch
    {
        "Operations" => [.. Edges, "Background"],
        "Storage" => [.. Edges, "Background", "Operations"],
        "Background" => Edges,
        _ when Edges.Contains(folder) => [.. Edges.Where(edge => edge != folder)],
        _ => [],
    };

    private static IEnumerable<string> Faults(SourceFile file)
    {
        var forbidden = ForbiddenFrom(file.Path.Replace("src/Concordat.Server/", "", StringComparison.Ordinal).Split('/')[0]);
        return ServerFolder().Matches(CSharpText.WithoutLiterals(file.Text))
            .Where(match => forbidden.Contains(match.Groups[1].Value))
            .Select(match => $"{file.Path} uses {match.Value}");
    }

    [GeneratedRegex(@"\bConcordat\.Server\.(\w+)")]
    private static partial Regex ServerFolder();
}
