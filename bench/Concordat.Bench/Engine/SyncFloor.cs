using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Concordat.Server.Storage;

namespace Concordat.Bench.Engine;

/// <summary>
/// What the disk alone takes for one lone confirmation: the bytes that its commit adds to SQLite's log, written and synced
/// to a file of their own. <c>sync --data DIR</c> prints <c>RESULT bytes median-microseconds</c>.
/// </summary>
internal static class SyncFloor
{
    private const int Times = 400;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var log = Path.Combine(arguments.Text("--data")!, "concordat.db-wal");
        long bytes;
        await using (var parts = await Crowd.OpenAsync(arguments))
        {
            var rows = await ConfirmationRows.ReadAsync(parts);
            var first = arguments.Number("--first", 1);
            await AddAsync(parts.Database, rows, first);
            var before = new FileInfo(log).Length;
            const int Commits = 20;
            for (var i = 1; i <= Commits; i++)
            {
                await AddAsync(parts.Database, rows, first + i);
            }

            bytes = (new FileInfo(log).Length - before) / Commits;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"RESULT {bytes} {Median(Path.Combine(arguments.Text("--data")!, "sync"), bytes):F0}"));
        return 0;
    }

    private static async Task AddAsync(Database database, ConfirmationRows rows, long number)
    {
        var tx = await database.BeginAsync([], PartnerScope.Everything);
        await rows.AddAsync(tx, number);
        await database.CommitAsync(tx);
    }

    /// <summary>The file has its size beforehand, as SQLite's log has once it was written through.</summary>
    private static double Median(string path, long bytes)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[bytes];
        for (var i = 0; i < Times; i++)
        {
            file.Write(block);
        }

        file.Flush(flushToDisk: true);
        file.Position = 0;
        var times = new double[Times];
        for (var i = 0; i < Times; i++)
        {
            var clock = Stopwatch.StartNew();
            file.Write(block);
            if (DataSync((int)file.SafeFileHandle.DangerousGetHandle()) != 0)
            {
                throw new IOException("fdatasync failed.");
            }

            times[i] = clock.Elapsed.TotalMicroseconds;
        }

        file.Close();
        File.Delete(path);
        Array.Sort(times);
        return times[Times / 2];
    }

    // FileStream offers fsync only, which writes the times of the file too.
    [DllImport("libc", EntryPoint = "fdatasync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DataSync(int file);
}
