using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Concordat.Bench.Engine;
using Concordat.Bench.Harness;

namespace Concordat.Bench.Figures;

/// <summary>The acceptance page on SQLite beside the emptiest page of the same server, and the whole enhanced flow.</summary>
internal static class Acceptances
{
    // More than two cores could reach: what a round may use up.
    private const int MostAcceptsPerSecond = 1_500;

    public static async Task<IReadOnlyCollection<Figure>> MeasureAsync(Settings settings)
    {
        var data = settings.NewFolder("acceptance");
        await Servers.FillAsync(settings, data, settings.Customers, settings.Confirmed);
        await using var product = await Servers.ProductAsync(settings, data);
        var partner = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(data, "sandbox.json"), settings.Cancel))!["partners"]![0]!;
        using var client = new AcceptanceClient(product.Process.Url, partner["tokens"]!["app"]!.GetValue<string>());
        var asked = await client.AskAsync(settings.Cancel);
        var rendering = await Match.RunAsync(settings, "Acceptance page, 32 connections",
        [
            product.Contender("page", new Load("GET", asked.Path, 32, new Harness.Range(0, 1))),
            product.Contender("empty page", new Load("GET", AcceptanceClient.EmptyPage, 32, new Harness.Range(0, 1))),
        ]);
        var accepting = await Match.RunAsync(settings, "Accept POST, 32 connections",
        [
            new("accept", (seconds, cancel) => AcceptAsync(client, product, seconds, cancel)),
            new("empty page", (seconds, cancel) => RoundAsync(product, seconds, async () =>
            {
                await client.PostEmptyAsync(asked, cancel);
                return true;
            })),
        ]);
        var next = settings.FreshOnes().First - 1;
        var flow = await Match.RunAsync(settings, "Whole enhanced flow (ask, page, accept, agreement), 32 at once",
        [
            new("flow", (seconds, cancel) => RoundAsync(product, seconds, async () =>
            {
                var one = await client.AskAsync(cancel);
                await client.AcceptAsync(one, cancel);
                await client.FinaliseAsync(one, Interlocked.Increment(ref next), cancel);
                return true;
            })),
        ]);
        return
        [
            new("accept_page_vs_empty_page", rendering.Ratio("page", "empty page"), "ratio", rendering.Describe("page", "empty page")),
            new("accept_post_vs_empty_page", accepting.Ratio("accept", "empty page"), "ratio", accepting.Describe("accept", "empty page")),
            new("attestations_per_s", flow["flow"].Rate, "1/s", string.Create(CultureInfo.InvariantCulture, $"{flow["flow"].Rate:F0}/s, {flow["flow"].CpuMicros:F0} µs")),
        ];
    }

    /// <summary>Asks beforehand, so that the round is made of accepting alone.</summary>
    private static async Task<Round> AcceptAsync(AcceptanceClient client, Product product, int seconds, CancellationToken cancel)
    {
        var pending = new ConcurrentBag<AcceptanceClient.Asked>();
        var wanted = MostAcceptsPerSecond * seconds;
        await AcceptanceClient.RepeatAsync(TimeSpan.MaxValue, async () =>
        {
            pending.Add(await client.AskAsync(cancel));
            return pending.Count < wanted;
        });
        return await RoundAsync(product, seconds, async () =>
        {
            if (!pending.TryTake(out var one))
            {
                return false;
            }

            await client.AcceptAsync(one, cancel);
            return true;
        });
    }

    private static async Task<Round> RoundAsync(Product product, int seconds, Func<Task<bool>> once)
    {
        var before = product.Cpu();
        var (done, took) = await AcceptanceClient.RepeatAsync(TimeSpan.FromSeconds(seconds), once);
        return new Round(done / took.TotalSeconds, (product.Cpu() - before).TotalMicroseconds / Math.Max(1, done));
    }
}
