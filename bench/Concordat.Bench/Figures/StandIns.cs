using System.Text.Json.Nodes;
using Concordat.Bench.Harness;

namespace Concordat.Bench.Figures;

/// <summary>
/// The pre-check, with token and state, beside what storefront developers use today: Prism serving the pre-check's answer as
/// the example of an OpenAPI document, json-server serving it as a document. Neither checks a token.
/// </summary>
internal static class StandIns
{
    public static async Task<IReadOnlyCollection<Figure>> MeasureAsync(Settings settings)
    {
        if (!Directory.Exists(Paths.StandIns))
        {
            throw new BenchException("Prism and json-server are not installed (npm ci in bench/standins).");
        }

        var data = settings.NewFolder("standins");
        await Servers.FillAsync(settings, data, settings.Confirmed, settings.Confirmed);
        await using var product = await Servers.ProductAsync(settings, data);
        var answer = await Calls.SampleAsync(product, Calls.PrecheckPath, settings.Cancel);
        await using var prism = await PrismAsync(settings, data, answer);
        await using var jsonServer = await JsonServerAsync(settings, data, answer);
        var match = await Match.RunAsync(settings, "Pre-check beside stand-ins, 32 connections",
        [
            product.Contender("pre-check", Calls.Precheck(settings.ConfirmedOnes)),
            prism.Of("Prism", Calls.Fixed("/precheck")), jsonServer.Of("json-server", Calls.Fixed("/precheck")),
        ]);
        var best = match["Prism"].Rate > match["json-server"].Rate ? "Prism" : "json-server";
        return [new("precheck_vs_best_standin", match.Ratio("pre-check", best), "ratio", match.Describe("pre-check", "Prism", "json-server"))];
    }

    private static Task<Child> PrismAsync(Settings settings, string data, string answer)
    {
        var document = new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject { ["title"] = "pre-check", ["version"] = "1" },
            ["paths"] = new JsonObject
            {
                ["/precheck"] = new JsonObject
                {
                    ["get"] = new JsonObject
                    {
                        ["responses"] = new JsonObject
                        {
                            ["200"] = new JsonObject
                            {
                                ["description"] = "the answer",
                                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["example"] = JsonNode.Parse(answer) } },
                            },
                        },
                    },
                },
            },
        };
        var file = Path.Combine(data, "openapi.json");
        File.WriteAllText(file, document.ToJsonString());
        return StartAsync(settings, data, "prism", port => ["mock", "-h", "127.0.0.1", "-p", port, "-v", "silent", file]);
    }

    private static Task<Child> JsonServerAsync(Settings settings, string data, string answer)
    {
        var file = Path.Combine(data, "db.json");
        File.WriteAllText(file, new JsonObject { ["precheck"] = JsonNode.Parse(answer) }.ToJsonString());
        return StartAsync(settings, data, "json-server", port => ["--host", "127.0.0.1", "--port", port, "--quiet", file]);
    }

    private static async Task<Child> StartAsync(Settings settings, string data, string name, Func<string, string[]> args)
    {
        var port = Child.FreePort();
        var child = Child.Start(
            Path.Combine(data, name + ".log"), port, Path.Combine(Paths.StandIns, name), args(Servers.Text(port)));
        try
        {
            await child.AnswersAsync("/precheck", null, settings.Cancel);
            return child;
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }
}
