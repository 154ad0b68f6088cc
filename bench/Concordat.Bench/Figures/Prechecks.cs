using System.Globalization;
using System.Text;
using Concordat.Bench.Harness;

namespace Concordat.Bench.Figures;

/// <summary>The pre-check beside E and R, and with ten million customers beside a thousand.</summary>
internal static class Prechecks
{
    private const long Few = 1_000;
    private const long Many = 10_000_000;

    /// <summary>A pre-check of a random confirmed customer; E GET /api/ping; R as many raw bytes as a pre-check answers.</summary>
    public static async Task<IReadOnlyCollection<Figure>> BesideEmptyAsync(Settings settings)
    {
        var data = settings.NewFolder("precheck");
        await Servers.FillAsync(settings, data, settings.Confirmed, settings.Confirmed);
        await using var product = await Servers.ProductAsync(settings, data);
        var answer = await Calls.SampleAsync(product, Calls.PrecheckPath, settings.Cancel);
        await using var raw = await Servers.PeerAsync(settings, "raw", "/", "--bytes", Servers.Text(Encoding.UTF8.GetByteCount(answer)));
        var match = await Match.RunAsync(settings, "Pre-check, 32 connections",
        [
            product.Contender("pre-check", Calls.Precheck(settings.ConfirmedOnes)), product.Contender("E", Calls.Ping(32)), raw.Of("R", Calls.Fixed("/")),
        ]);
        return
        [
            new("precheck_vs_empty", match.Ratio("pre-check", "E"), "ratio", match.Describe("pre-check", "E")),
            new("precheck_vs_raw", match.Ratio("pre-check", "R"), "ratio", match.Describe("pre-check", "R")),
        ];
    }

    /// <summary>Two servers, one with 1,000 and one with 10,000,000 customers in memory; random customers of each.</summary>
    public static async Task<IReadOnlyCollection<Figure>> CrowdedAsync(Settings settings)
    {
        var (small, large) = (settings.NewFolder("crowd-few"), settings.NewFolder("crowd-many"));
        await using var few = await Servers.CrowdedAsync(settings, small, Few);
        await using var many = await Servers.CrowdedAsync(settings, large, Many);
        var match = await Match.RunAsync(settings, "Pre-check with 10,000,000 customers beside 1,000, 32 connections",
        [
            many.Contender("10,000,000", Calls.Precheck(new Harness.Range(0, Many))), few.Contender("1,000", Calls.Precheck(new Harness.Range(0, Few))),
        ]);
        var bytes = double.Parse(await File.ReadAllTextAsync(Path.Combine(large, "bytes"), settings.Cancel), CultureInfo.InvariantCulture);
        return
        [
            new("precheck_10m_vs_1k", match.Ratio("10,000,000", "1,000"), "ratio", match.Describe("10,000,000", "1,000")),
            new("precheck_bytes_per_customer", bytes, "bytes", "live managed memory with 10,000,000 customers"),
        ];
    }
}
