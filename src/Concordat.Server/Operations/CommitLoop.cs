using System.Threading.Channels;
using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// The only code that commits. Operations queue up; one loop per process takes what has gathered while the previous
/// transaction was being made durable, carries it out as one transaction and answers all callers after the commit. A lone
/// caller waits for nothing but its own commit.
/// </summary>
internal sealed class CommitLoop : IAsyncDisposable
{
    /// <summary>Operations in one transaction at most.</summary>
    public const int BatchSize = 256;

    private readonly Database database;
    private readonly ILogger<CommitLoop> log;
    private readonly Channel<Operation> queue;
    private readonly Task loop;
    private readonly List<Operation> waiting = [];

    public CommitLoop(Database database, ILogger<CommitLoop> log, int capacity = 16_384)
    {
        (this.database, this.log) = (database, log);
        queue = Channel.CreateBounded<Operation>(new BoundedChannelOptions(capacity) { SingleReader = true });
        loop = Task.Run(RunAsync);
    }

    /// <summary>
    /// Carries out <paramref name="operation"/> and answers once it is durable. A full queue is refused at once with
    /// <see cref="ProblemCode.Overloaded"/>, so that callers wait at the door and not inside.
    /// </summary>
    public Task<Outcome<T>> RunAsync<T>(Operation<T> operation) => queue.Writer.TryWrite(operation)
        ? operation.Answer
        : Task.FromResult<Outcome<T>>(new Problem(ProblemCode.Overloaded, "The service has more work than it can queue. Repeat the request.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        });

    /// <summary>Carries out everything that was accepted, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    private async Task RunAsync()
    {
        var batch = new List<Operation>(BatchSize);
        var keys = new HashSet<long>();
        while (waiting.Count > 0 || await queue.Reader.WaitToReadAsync())
        {
            Gather(batch, keys);
            if (!await TryCommitAsync(batch, keys))
            {
                foreach (var operation in batch)
                {
                    await CommitAloneAsync(operation);
                }
            }

            batch.Clear();
            keys.Clear();
        }
    }

    /// <summary>
    /// Fills the batch in order of arrival. An operation whose key is already in the batch waits for the next one, and so
    /// does everything behind it with one of its keys.
    /// </summary>
    private void Gather(List<Operation> batch, HashSet<long> keys)
    {
        var held = new HashSet<long>();
        var kept = 0;
        foreach (var operation in waiting)
        {
            if (!TryAdd(operation, batch, keys, held))
            {
                waiting[kept++] = operation;
            }
        }

        waiting.RemoveRange(kept, waiting.Count - kept);
        while (batch.Count < BatchSize && waiting.Count < BatchSize && queue.Reader.TryRead(out var operation))
        {
            if (!TryAdd(operation, batch, keys, held))
            {
                waiting.Add(operation);
            }
        }
    }

    private static bool TryAdd(Operation operation, List<Operation> batch, HashSet<long> keys, HashSet<long> held)
    {
        if (batch.Count == BatchSize || operation.Keys.Any(key => keys.Contains(key) || held.Contains(key)))
        {
            held.UnionWith(operation.Keys);
            return false;
        }

        keys.UnionWith(operation.Keys);
        batch.Add(operation);
        return true;
    }

    private async Task CommitAloneAsync(Operation operation)
    {
        if (!await TryCommitAsync([operation], [.. operation.Keys], alone: true))
        {
            log.LogError("An operation of type {Operation} failed on its own.", operation.GetType().Name);
        }
    }

    private async Task<bool> TryCommitAsync(List<Operation> batch, HashSet<long> keys, bool alone = false)
    {
        Tx? tx = null;
        try
        {
            tx = await database.BeginAsync(keys);
            var reads = new List<PlannedRead>(batch.Count * 2);
            foreach (var operation in batch)
            {
                operation.Plan(reads);
            }

            await tx.PrefetchAsync(reads);
            foreach (var operation in batch)
            {
                await operation.RunAsync(tx);
            }

            await database.CommitAsync(tx);
            tx.RunAfterCommit();
        }
        catch (Exception error)
        {
            await UndoAsync(tx);
            if (!alone && batch.Count > 1)
            {
                // One operation's bug or one lost race must not fail its neighbours.
                log.LogWarning(error, "A batch of {Count} operations failed; carrying them out one by one.", batch.Count);
                return false;
            }

            batch.ForEach(operation => operation.Fail(error));
            return !alone;
        }

        batch.ForEach(operation => operation.Complete());
        return true;
    }

    private async Task UndoAsync(Tx? tx)
    {
        if (tx is null)
        {
            return;
        }

        tx.ForgetAfterCommit();
        try
        {
            await database.RollbackAsync(tx);
        }
        catch (Exception error)
        {
            log.LogError(error, "Rolling back failed; the next transaction will show whether the database is usable.");
        }
    }
}
