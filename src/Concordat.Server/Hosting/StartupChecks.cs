using Concordat.Server.Hosting.Configuration;
using Concordat.Server.Storage;

namespace Concordat.Server.Hosting;

/// <summary>What must hold of clock and data before the service answers anybody.</summary>
internal static class StartupChecks
{
    /// <summary>Nodes and database may differ by what tokens may differ by.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    /// <exception cref="UnsafeConfigurationException">The clock is wrong.</exception>
    public static async Task RunAsync(Parts parts)
    {
        var faults = new List<string>();
        var (newest, database) = await parts.Database.ReadSharedAsync(async tx =>
            (await ClockRows.NewestEntryAsync(tx), await ClockRows.ServerTimeAsync(tx)));
        var now = parts.Context.Clocks.Wall.GetUtcNow();
        if (newest > now + Tolerance)
        {
            faults.Add($"clock: this machine says {now:u}, but a record was made at {newest:u}; set the clock, or what follows is dated wrongly");
        }

        if (database is { } theirs && (theirs - now).Duration() > Tolerance)
        {
            faults.Add($"clock: this machine says {now:u}, the database's {theirs:u}; synchronise both");
        }

        if (faults.Count > 0)
        {
            throw new UnsafeConfigurationException(faults);
        }
    }
}
