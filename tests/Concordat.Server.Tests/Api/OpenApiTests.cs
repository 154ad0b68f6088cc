using System.Text.Json.Nodes;
using Concordat.Server.Hosting;

namespace Concordat.Server.Tests.Api;

public class OpenApiTests(Servers servers)
{
    [Fact]
    public async Task Document_Committed_IsWhatIsServed()
    {
        var served = JsonNode.Parse((await (await servers.GetAsync("sqlite")).SendAsync("GET", "/api/openapi.json")).Body)!
            .ToJsonString(new() { WriteIndented = true, Encoder = JsonBody.Writer.Encoder }) + "\n";
        var file = Path.Combine(Repository(), "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable("CONCORDAT_UPDATE") == "1")
        {
            await File.WriteAllTextAsync(file, served, TestContext.Current.CancellationToken);
        }

        // CONCORDAT_UPDATE=1 rewrites the file.
        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), served);
    }

    [Fact]
    public async Task Document_Paths_AreTheRoutes()
    {
        var server = await servers.GetAsync("sqlite");
        var document = (await server.SendAsync("GET", "/api/openapi.json")).Json;

        var documented = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key.ToUpperInvariant()} {path.Key}"));
        var routed = server.Routes.Where(route => route.Pattern.StartsWith("/v1/", StringComparison.Ordinal) || route.Pattern.StartsWith("/api/", StringComparison.Ordinal))
            .Where(route => route.Pattern != "/api/openapi.json").Select(route => $"{route.Method} {route.Pattern}");

        Assert.Equal(routed.Order(), documented.Order());
        Assert.All(document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()), operation =>
        {
            Assert.False(string.IsNullOrEmpty(operation.Value!["summary"]!.GetValue<string>()));
            Assert.Contains("token", operation.Value["description"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.NotNull(operation.Value["responses"]!["default"]!["content"]);
        });
    }

    private static string Repository()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Concordat.slnx")))
        {
            at = Path.GetDirectoryName(at)!;
        }

        return at;
    }
}
