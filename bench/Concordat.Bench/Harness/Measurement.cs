using System.Globalization;
using System.Runtime.InteropServices;
using Concordat.Bench.Figures;

namespace Concordat.Bench.Harness;

/// <summary>A group of figures that are measured in one match or on one server.</summary>
/// <param name="Figures">Their names; <c>--only</c> picks the group by any of them.</param>
/// <param name="MeasureAsync">Starts the servers, runs the matches, ends the servers.</param>
internal sealed record Group(string[] Figures, Func<Settings, Task<IReadOnlyCollection<Figure>>> MeasureAsync);

/// <summary><c>measure [--only NAME] [--quick] [--rounds N] [--seconds N]</c>: every group in turn, each with servers of its own.</summary>
internal static class Measurement
{
    private const int FewestRounds = 5;

    private static readonly IReadOnlyList<Group> Groups =
    [
        new(["precheck_vs_empty", "precheck_vs_raw"], Prechecks.BesideEmptyAsync),
        new(["precheck_vs_best_standin"], StandIns.MeasureAsync),
        new(["precheck_10m_vs_1k", "precheck_bytes_per_customer"], Prechecks.CrowdedAsync),
        new(["order_refused_vs_empty", "order_accepted_vs_empty"], OrderCalls.MeasureAsync),
        new(["confirm_vs_empty", "confirm_sqlite_vs_limit", "confirm_lone_vs_floor", "bad_input_p99_vs_valid"], Confirmations.OnSqliteAsync),
        new(["confirm_pg_vs_textbook", "confirm_pg_vs_limit"], Confirmations.OnPostgresAsync),
        new(["confirm_slow_disk_vs_fast"], Confirmations.OnSlowDiskAsync),
        new(["read_vs_raw"], Reads.BesideRawAsync),
        new(["read_vs_ef"], Reads.BesideEfAsync),
        new(["accept_page_vs_empty_page", "accept_post_vs_empty_page", "attestations_per_s"], Acceptances.MeasureAsync),
        new(["start_1k_extra_s", "start_1m_extra_s", "idle_memory_vs_empty"], StartUps.MeasureAsync),
    ];

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var only = arguments.Text("--only");
        var groups = Groups.Where(group => only is null || group.Figures.Contains(only)).ToArray();
        if (groups.Length == 0)
        {
            return Arguments.Complain($"there is no figure {only}; there are {string.Join(", ", Groups.SelectMany(group => group.Figures))}");
        }

        using var stop = new CancellationTokenSource();
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        var folder = Directory.CreateTempSubdirectory("concordat-bench-");
        // PostgreSQL does not run as root: its own user has to reach its directory.
        folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        try
        {
            return await MeasureAsync(groups, arguments, folder.FullName, stop.Token);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(Group[] groups, Arguments arguments, string folder, CancellationToken cancel)
    {
        var quick = arguments.Has("--quick");
        var settings = new Settings(
            arguments.Text("--only"), quick, (int)arguments.Number("--rounds", quick ? 2 : FewestRounds),
            (int)arguments.Number("--seconds", quick ? 1 : 5), folder, cancel);
        var report = new Report(
            quick ? Path.Combine(Paths.Root, "artifacts", "bench", "results.json") : Path.Combine(Paths.Root, "bench", "results.json"),
            quick ? null : Path.Combine(Paths.Root, "docs", "performance.md"), await CommitAsync(cancel));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{settings.Rounds} rounds of {settings.Seconds} s, {Environment.ProcessorCount} processors, data on {new DriveInfo(folder).DriveFormat}"));
        var failed = 0;
        foreach (var group in groups)
        {
            try
            {
                report.Keep(await group.MeasureAsync(settings));
            }
            catch (Exception error) when (error is BenchException or HttpRequestException)
            {
                failed++;
                Console.Error.WriteLine($"{string.Join(", ", group.Figures)}: not measured: {error.Message}");
            }
        }

        return failed == 0 ? 0 : 1;
    }

    private static async Task<string> CommitAsync(CancellationToken cancel)
    {
        var commit = (await Tool.RunAsync("git", ["-C", Paths.Root, "rev-parse", "--short=10", "HEAD"], [], cancel)).Trim();
        var changes = await Tool.RunAsync("git", ["-C", Paths.Root, "status", "--porcelain", "--", "src", "bench", ":!bench/results.json"], [], cancel);
        return changes.Length == 0 ? commit : commit + "+changes";
    }
}
