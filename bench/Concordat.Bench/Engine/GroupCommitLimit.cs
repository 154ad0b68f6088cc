using System.Diagnostics;
using System.Globalization;
using Concordat.Server.Storage;

namespace Concordat.Bench.Engine;

/// <summary>
/// G: the engine's own group-commit limit. The rows of a confirmation in batches of 128 from one thread, no HTTP, no reads,
/// no locks: <c>limit --data DIR [--postgres CONNECTION] --first N --seconds S</c>. Customers are numbered from N on, so that a round
/// continues where the last one ended. It writes for S seconds before it measures, because a new process runs slow code at
/// first. Prints <c>RESULT confirmations microseconds cpu-microseconds next-customer</c>.
/// </summary>
internal static class GroupCommitLimit
{
    private const int BatchSize = 128;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        await using var parts = await Crowd.OpenAsync(arguments);
        var rows = await ConfirmationRows.ReadAsync(parts);
        var time = TimeSpan.FromSeconds(arguments.Number("--seconds", 1));
        var warm = await WriteAsync(parts.Database, rows, arguments.Number("--first", 1), time);
        var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var next = await WriteAsync(parts.Database, rows, warm, time);
        var (elapsed, used) = (clock.Elapsed, Environment.CpuUsage.TotalTime - cpu);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"RESULT {next - warm} {elapsed.TotalMicroseconds:F0} {used.TotalMicroseconds:F0} {next}"));
        return 0;
    }

    private static async Task<long> WriteAsync(Database database, ConfirmationRows rows, long first, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var next = first;
        while (clock.Elapsed < time)
        {
            var tx = await database.BeginAsync([], PartnerScope.Everything);
            for (var i = 0; i < BatchSize; i++)
            {
                await rows.AddAsync(tx, next++);
            }

            await database.CommitAsync(tx);
        }

        return next;
    }
}
