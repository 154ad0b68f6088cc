using System.Globalization;
using Concordat.Bench.Harness;

namespace Concordat.Bench.Figures;

/// <summary>Confirmations end to end, each of a customer of its own, 256 connections.</summary>
internal static class Confirmations
{
    private const int Connections = 256;
    private const int BadInputConnections = 64;
    private const string SlowSyncMicros = "1000";

    /// <summary>
    /// On SQLite beside E and G. The same server then shows one lone client beside (fdatasync + E), and the latency of a
    /// malformed confirmation beside that of a good one.
    /// </summary>
    public static async Task<IReadOnlyCollection<Figure>> OnSqliteAsync(Settings settings)
    {
        var (data, limit) = (settings.NewFolder("confirm"), settings.NewFolder("limit"));
        await Servers.FillAsync(settings, data, settings.Customers, settings.Confirmed);
        await Servers.FillAsync(settings, limit, settings.Confirmed, settings.Confirmed);
        await using var product = await Servers.ProductAsync(settings, data);
        var fresh = settings.FreshOnes();
        var match = await Match.RunAsync(settings, "Confirmations on SQLite, 256 connections",
        [
            product.Contender("confirm", Calls.Confirm(fresh, Connections)),
            product.Contender("E", Calls.PingWithConfirmation(Connections)), Limit(settings, ["--data", limit], () => TimeSpan.Zero),
        ]);
        return
        [
            new("confirm_vs_empty", match.Ratio("confirm", "E"), "ratio", match.Describe("confirm", "E")),
            new("confirm_sqlite_vs_limit", match.Ratio("confirm", "G"), "ratio", match.Describe("confirm", "G")),
            await LoneAsync(settings, product, fresh, limit), await BadInputAsync(settings, product, fresh),
        ];
    }

    /// <summary>On PostgreSQL beside T and G; the processor time is that of the server and of PostgreSQL together.</summary>
    public static async Task<IReadOnlyCollection<Figure>> OnPostgresAsync(Settings settings)
    {
        await using var cluster = await Cluster.StartAsync(settings, "confirm-postgres");
        var (data, limit) = (settings.NewFolder("confirm-pg"), settings.NewFolder("limit-pg"));
        await Servers.FillAsync(settings, data, settings.Customers, settings.Confirmed, cluster.Connection("concordat"));
        await Servers.FillAsync(settings, limit, settings.Confirmed, settings.Confirmed, cluster.Connection("engine"));
        await using var product = await Servers.ProductAsync(settings, data, cluster);
        await using var textbook = await TextbookAsync(settings, cluster);
        var match = await Match.RunAsync(settings, "Confirmations on PostgreSQL, 256 connections",
        [
            product.Contender("confirm", Calls.Confirm(settings.FreshOnes(), Connections)),
            Textbook(textbook, cluster, Calls.Confirm(settings.FreshOnes(), Connections)),
            Limit(settings, ["--data", limit, "--postgres", cluster.Connection("engine")], () => cluster.Cpu),
        ]);
        return
        [
            new("confirm_pg_vs_textbook", match.Ratio("confirm", "T"), "ratio", match.Describe("confirm", "T")),
            new("confirm_pg_vs_limit", match.Ratio("confirm", "G"), "ratio", match.Describe("confirm", "G")),
        ];
    }

    /// <summary>Two servers on SQLite; every fsync of one takes a millisecond longer (bench/slowsync.c).</summary>
    public static async Task<IReadOnlyCollection<Figure>> OnSlowDiskAsync(Settings settings)
    {
        if (!File.Exists(Paths.SlowSync))
        {
            throw new BenchException("bench/slowsync.c could not be compiled.");
        }

        var (slowData, fastData) = (settings.NewFolder("confirm-slow"), settings.NewFolder("confirm-fast"));
        await Servers.FillAsync(settings, slowData, settings.Customers, settings.Confirmed);
        await Servers.FillAsync(settings, fastData, settings.Customers, settings.Confirmed);
        await using var slow = await Servers.ProductAsync(
            settings, slowData, null, ("LD_PRELOAD", Paths.SlowSync), ("SLOWSYNC_US", SlowSyncMicros));
        await using var fast = await Servers.ProductAsync(settings, fastData);
        var match = await Match.RunAsync(settings, "Confirmations on SQLite with fsync delayed by 1 ms, 256 connections",
        [
            slow.Contender("delayed", Calls.Confirm(settings.FreshOnes(), Connections)),
            fast.Contender("undelayed", Calls.Confirm(settings.FreshOnes(), Connections)),
        ]);
        return [new("confirm_slow_disk_vs_fast", match.Ratio("delayed", "undelayed"), "ratio", match.Describe("delayed", "undelayed"))];
    }

    public static Task<Child> TextbookAsync(Settings settings, Cluster cluster) => Servers.PeerAsync(
        settings, "textbook", "/health/ready", "--postgres", cluster.Connection("textbook") + ";Maximum Pool Size=64",
        "--customers", Servers.Text(settings.Customers), "--confirmed", Servers.Text(settings.Confirmed));

    public static Contender Textbook(Child textbook, Cluster cluster, Load load) =>
        new("T", (seconds, cancel) => load.RunAsync(textbook.Url, null, () => textbook.Cpu + cluster.Cpu, seconds, cancel));

    private static Contender Limit(Settings settings, string[] database, Func<TimeSpan> databaseCpu)
    {
        var next = settings.Confirmed;
        return new Contender("G", async (seconds, cancel) =>
        {
            var (first, before) = (next, databaseCpu());
            var result = await Tool.ResultAsync("dotnet",
                [Paths.Bench, "limit", .. database, "--first", Servers.Text(next), "--seconds", Servers.Text(seconds)], [], cancel);
            next = (long)result[3];
            // The database's time is that of the warm-up, too.
            var databaseMicros = (databaseCpu() - before).TotalMicroseconds / (next - first);
            return new Round(result[0] / result[1] * 1e6, (result[2] / result[0]) + databaseMicros);
        });
    }

    /// <summary>Median latency of one lone client beside that of E plus the disk's own time for as many bytes.</summary>
    private static async Task<Figure> LoneAsync(Settings settings, Product product, Harness.Range fresh, string limit)
    {
        var match = await Match.RunAsync(settings, "One lone client, 1 connection",
        [
            product.Contender("confirm", Calls.Confirm(fresh, 1)), product.Contender("E", Calls.PingWithConfirmation(1)),
        ]);
        var floor = await Tool.ResultAsync("dotnet", [Paths.Bench, "sync", "--data", limit, "--first", Servers.Text(1 << 30)], [], settings.Cancel);
        var (confirm, empty, sync) = (match["confirm"].MedianMs, match["E"].MedianMs, floor[1] / 1000);
        return new Figure("confirm_lone_vs_floor", confirm / (sync + empty), "ratio", string.Create(CultureInfo.InvariantCulture,
            $"confirm {confirm:F2} ms; fdatasync of {floor[0]:F0} bytes {sync:F2} ms; E {empty:F2} ms"));
    }

    private static async Task<Figure> BadInputAsync(Settings settings, Product product, Harness.Range fresh)
    {
        var match = await Match.RunAsync(settings, "A malformed confirmation beside a good one, 64 connections",
        [
            product.Contender("malformed", Calls.ConfirmBadly(settings.UnconfirmedOnes, BadInputConnections)),
            product.Contender("good", Calls.Confirm(fresh, BadInputConnections)),
        ]);
        return new Figure("bad_input_p99_vs_valid", match["malformed"].P99Ms / match["good"].P99Ms, "ratio", string.Create(
            CultureInfo.InvariantCulture, $"p99 malformed {match["malformed"].P99Ms:F2} ms; good {match["good"].P99Ms:F2} ms"));
    }
}
