using System.Runtime.CompilerServices;
using Npgsql;

namespace Concordat.Server.Storage;

/// <summary>
/// A connection that listens for what other processes change, from its opening on. This process's own notices are told by
/// the writer's backend and skipped unread.
/// </summary>
internal sealed class ForeignChanges : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly Queue<IReadOnlyList<StandingId>?> arrived = new();

    public ForeignChanges(NpgsqlConnection connection, Func<int> ownBackend)
    {
        this.connection = connection;
        connection.Notification += (_, notice) =>
        {
            if (notice.PID != ownBackend())
            {
                arrived.Enqueue(ChangeNotice.Parse(notice.Payload));
            }
        };
    }

    /// <summary>
    /// One item for each notice, null for "everything". Ends by an exception: cancelled, or the connection broke and changes
    /// were missed.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<StandingId>?> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            // What came while LISTEN ran is there already.
            while (arrived.TryDequeue(out var changed))
            {
                yield return changed;
            }

            await connection.WaitAsync(cancel);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
