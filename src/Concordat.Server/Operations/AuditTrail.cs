using System.Collections.Concurrent;
using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Audit rows of refusals. Nobody waits for them, so they gather for a moment and are written together: durable within a
/// second, without a commit of its own for every few refusals. A graceful stop writes what is left.
/// </summary>
internal sealed class AuditTrail(CommitLoop loop, TimeProvider wall) : IAsyncDisposable
{
    /// <summary>How long rows gather; with the commit after it, well within the second that is promised.</summary>
    public static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(250);

    /// <summary>Rows in memory at most; what is refused beyond them is answered with 503.</summary>
    public const int MostWaiting = 262_144;

    private const int RowsAtOnce = 1024;

    private readonly ConcurrentQueue<AuditRow> rows = new();
    private readonly CancellationTokenSource stop = new();
    private int waiting;
    private Task writing = Task.CompletedTask;
    private int gathering;

    /// <summary>Rows that are not durable yet.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Takes a row; false when too many are waiting, and then the refusal itself has to wait.</summary>
    public bool TryAdd(AuditRow row)
    {
        if (Interlocked.Increment(ref waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return false;
        }

        rows.Enqueue(row);
        if (Interlocked.Exchange(ref gathering, 1) == 0)
        {
            writing = GatherAsync();
        }

        return true;
    }

    /// <summary>Writes everything taken so far; false when the database does not take it now, and then nothing is lost.</summary>
    public async Task<bool> FlushAsync()
    {
        while (!rows.IsEmpty)
        {
            var batch = new List<AuditRow>();
            while (batch.Count < RowsAtOnce && rows.TryDequeue(out var row))
            {
                batch.Add(row);
            }

            var written = loop.RunAsync(new RecordAudit(batch));
            await ((Task)written).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!written.IsCompletedSuccessfully || written.Result.Problem is not null)
            {
                // The loop has logged why.
                batch.ForEach(rows.Enqueue);
                return false;
            }

            Interlocked.Add(ref waiting, -batch.Count);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await writing;
        await FlushAsync();
        stop.Dispose();
    }

    private async Task GatherAsync()
    {
        do
        {
            await Task.Delay(Gathering, wall, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Exchange(ref gathering, 0);
        }
        while (!await FlushAsync() && !stop.IsCancellationRequested);
    }
}

/// <summary>Writes audit rows that belong to no other change.</summary>
internal sealed class RecordAudit(IReadOnlyList<AuditRow> rows) : Operation<bool>
{
    public override IReadOnlyList<long> Keys => [];

    public override PartnerScope Scope { get; } = PartnerScope.Of(rows.Select(row => row.Partner));

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx)
    {
        foreach (var row in rows)
        {
            await AuditRows.AddAsync(tx, row);
        }

        return true;
    }
}
