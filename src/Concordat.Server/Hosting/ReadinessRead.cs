using Concordat.Server.Storage;

namespace Concordat.Server.Hosting;

/// <summary>
/// Asks the database for one value. One reading at a time serves all who ask: probes of a database that hangs must not take
/// up the connections one by one.
/// </summary>
internal sealed class ReadinessRead(Database database)
{
    private readonly Lock gate = new();
    private Task reading = Task.CompletedTask;

    /// <summary>Ends when the database has answered; throws what it answers, or that it took longer than <paramref name="limit"/>.</summary>
    public Task RunAsync(TimeSpan limit)
    {
        lock (gate)
        {
            if (reading.IsCompleted)
            {
                reading = Task.Run(() => database.ReadSharedAsync(tx => SettingRows.FindAsync(tx, "ready")).AsTask());
            }

            return reading.WaitAsync(limit);
        }
    }
}
