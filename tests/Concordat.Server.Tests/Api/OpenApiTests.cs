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

    [Fact]
    public async Task Document_EveryCall_SaysWhatItTakesAndAnswers()
    {
        // Bodies that nobody reads, and answers without one.
        string[] withoutRequest =
        [
            "post /api/customers/{customer}/invitations/{invitation}/cancellation", "post /api/customers/{customer}/notices/{notice}/resend", "post /api/ping", "post /v1/customers/{customer}/carts/{cart}/checkout", "post /v1/customers/{customer}/migrations/newcommerce/schedules/{schedule}/cancel",
        ];
        string[] withoutAnswer =
        [
            "delete /v1/attestations/enhanced/{attestation}", "delete /v1/customers/{customer}", "get /api/customers/{customer}/records/{entry}/receipt", "head /v1/domains/{domain}",
            "post /api/attestations/{attestation}/customer", "post /v1/productupgrades",
        ];
        var document = (await (await servers.GetAsync("sqlite")).SendAsync("GET", "/api/openapi.json")).Json;
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => (Call: $"{method.Key} {path.Key}", method.Value)))
            .ToDictionary(operation => operation.Call, operation => operation.Value!);

        Assert.Equal(withoutRequest, operations.Keys.Where(call => call[..call.IndexOf(' ', StringComparison.Ordinal)] is "post" or "put" or "patch"
            && operations[call]["requestBody"]?["content"]?["application/json"]?["schema"] is null).Order());
        Assert.Equal(withoutAnswer, operations.Keys.Where(call => operations[call]["responses"]!.AsObject().Single(answer => answer.Key != "default")
            .Value!["content"]?["application/json"]?["schema"] is null).Order());
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
