using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// The only code that commits, but for the ledger's sequencer on PostgreSQL. Operations queue up; one loop per process takes what has gathered while the previous
/// transaction was being made durable, carries it out as one transaction and answers all callers after the commit. A lone
/// caller waits for nothing but its own commit.
/// </summary>
internal sealed class CommitLoop : IAsyncDisposable
{
    /// <summary>Operations in one transaction at most.</summary>
    public const int BatchSize = 256;

    // Operations set aside because another one with their key goes first. Far more than a batch, so that a client that
    // hammers one customer does not slow down everybody else to its own pace; few enough to look through each time.
    private const int Held = 4096;

    private readonly Database database;
    private readonly ILogger<CommitLoop> log;
    private readonly Channel<Operation> queue;
    private readonly Task loop;
    private readonly List<Operation> waiting = [];

    // Request keys that are being carried out here. Two ids with one key would only ask one of them to come again.
    private readonly ConcurrentDictionary<long, bool> inFlight = new();
    private long busySince;
    private volatile Problem? closed;

    public CommitLoop(Database database, ILogger<CommitLoop> log, int capacity = 16_384)
    {
        (this.database, this.log) = (database, log);
        queue = Channel.CreateBounded<Operation>(new BoundedChannelOptions(capacity) { SingleReader = true });
        loop = Task.Run(RunAsync);
    }

    /// <summary>Operations that wait for their batch.</summary>
    public int Queued => queue.Reader.Count;

    /// <summary>How long the present transaction has been under way; zero between two.</summary>
    public TimeSpan Busy => Volatile.Read(ref busySince) is var since and not 0 ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>False once the loop has ended: nothing can be written any more.</summary>
    public bool Alive => !loop.IsCompleted;

    /// <summary>Refuses everything from now on: what is stored must not be added to before a person has looked.</summary>
    public void Close(Problem problem) => closed = problem;

    /// <summary>
    /// Carries out <paramref name="operation"/> and answers once it is durable. A full queue is refused at once with
    /// <see cref="ProblemCode.Overloaded"/>, so that callers wait at the door and not inside.
    /// </summary>
    public Task<Outcome<T>> RunAsync<T>(Operation<T> operation)
    {
        // Hashed here and not in the loop: it saves the loop's time, and a bug in it fails this caller alone.
        _ = operation.Keys;
        if (closed is { } problem)
        {
            return Task.FromResult<Outcome<T>>(problem);
        }

        return queue.Writer.TryWrite(operation)
            ? operation.Answer
            : Task.FromResult<Outcome<T>>(new Problem(ProblemCode.Overloaded, "The service has more work than it can queue. Repeat the request.")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            });
    }

    /// <summary>
    /// As above, for what is remembered under a request id: while the first request with an id is being carried out in this
    /// process, its twins are refused with <see cref="ProblemCode.RequestInFlight"/>, unless they asked to wait.
    /// </summary>
    public Task<Outcome<T>> RunAsync<T>(RememberedOperation<T> operation) =>
        operation.Key is { TwinWaits: false } key ? RunOnceAsync(operation, key) : RunAsync((Operation<T>)operation);

    /// <summary>Carries out everything that was accepted, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    private async Task<Outcome<T>> RunOnceAsync<T>(Operation<T> operation, RequestKey key)
    {
        if (!inFlight.TryAdd(key.LockKey, true))
        {
            // What runs may be a repetition itself. When there is a first answer, everybody gets it.
            return await database.ReadAsync(key.Partner, tx => IdempotencyRows.IsKnownAsync(tx, key.Partner, key.KeyHash))
                ? await RunAsync(operation)
                : new Problem(ProblemCode.RequestInFlight, "The first request with this id is still being carried out. Repeat this one to get its answer.")
                {
                    RetryAfter = TimeSpan.FromSeconds(1),
                };
        }

        try
        {
            return await RunAsync(operation);
        }
        finally
        {
            inFlight.TryRemove(key.LockKey, out _);
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<Operation>(BatchSize);
        var keys = new HashSet<long>();
        try
        {
            while (waiting.Count > 0 || await queue.Reader.WaitToReadAsync())
            {
                Gather(batch, keys);
                await CarryOutAsync(batch, keys);
                batch.Clear();
                keys.Clear();
            }
        }
        catch (Exception error)
        {
            // Without the loop every caller would wait for ever. Nothing unacknowledged is promised, so starting anew is safe.
            Environment.FailFast("The commit loop has a bug and cannot go on.", error);
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
        for (var i = 0; i < waiting.Count; i++)
        {
            if (!TryAdd(waiting[i], batch, keys, held))
            {
                waiting[kept++] = waiting[i];
            }
        }

        waiting.RemoveRange(kept, waiting.Count - kept);
        while (batch.Count < BatchSize && waiting.Count < Held && queue.Reader.TryRead(out var operation))
        {
            if (!TryAdd(operation, batch, keys, held))
            {
                waiting.Add(operation);
            }
        }
    }

    private static bool TryAdd(Operation operation, List<Operation> batch, HashSet<long> keys, HashSet<long> held)
    {
        var shut = operation.RunsAlone ? batch.Count > 0 : batch.Count == BatchSize || batch is [{ RunsAlone: true }];
        if (shut || operation.Keys.Any(key => keys.Contains(key) || held.Contains(key)))
        {
            held.UnionWith(operation.Keys);
            return false;
        }

        keys.UnionWith(operation.Keys);
        batch.Add(operation);
        return true;
    }

    /// <summary>
    /// Commits the batch and answers everybody in it. One operation's bug or one lost race must not fail its neighbours:
    /// what failed while its operations were at work has left nothing, and is carried out again one by one. Without a
    /// database nobody can go on; and after a failed commit nobody knows whether it happened, so that doing it again could
    /// do it twice: then all are told so, and repeating the request with its id finds out.
    /// </summary>
    private async Task CarryOutAsync(List<Operation> batch, HashSet<long> keys)
    {
        var failure = await TryCommitAsync(batch, keys);
        if (failure is not { At: Stage.Work } || batch.Count == 1)
        {
            Answer(batch, failure);
            return;
        }

        LogEvents.BatchFailed(log, failure.Error, batch.Count);
        foreach (var operation in batch)
        {
            if (failure is not { At: Stage.Begin })
            {
                failure = await TryCommitAsync([operation], [.. operation.Keys]);
            }

            Answer([operation], failure);
        }
    }

    private void Answer(List<Operation> batch, Failure? failure)
    {
        foreach (var operation in batch)
        {
            if (failure is null)
            {
                operation.Complete();
                continue;
            }

            LogEvents.OperationFailed(log, failure.Error, operation.GetType().Name, failure.At.ToString());
            operation.Fail(failure.Error);
        }
    }

    /// <summary>Carries out the batch as one transaction; null once it is durable.</summary>
    private async Task<Failure?> TryCommitAsync(List<Operation> batch, HashSet<long> keys)
    {
        Tx? tx = null;
        var stage = Stage.Begin;
        var started = Stopwatch.GetTimestamp();
        Volatile.Write(ref busySince, started);
        using var span = Telemetry.StartBatch(batch.Count);
        try
        {
            tx = await database.BeginAsync(keys, PartnerScope.Union([.. batch.Select(operation => operation.Scope)]));
            stage = Stage.Work;
            var reads = new List<PlannedRead>(batch.Count * 2);
            foreach (var operation in batch)
            {
                var first = reads.Count;
                operation.Plan(reads);
                for (var i = first; i < reads.Count; i++)
                {
                    reads[i].Scope = operation.Scope;
                }
            }

            await tx.PrefetchAsync(reads);
            foreach (var operation in batch)
            {
                tx.Scope = operation.Scope;
                await operation.RunAsync(tx);
            }

            await tx.FlushAsync();
            stage = Stage.Commit;
            await database.CommitAsync(tx);
            Telemetry.CountBatch(batch.Count, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception error)
        {
            await UndoAsync(tx);
            return new Failure(error, stage);
        }
        finally
        {
            Volatile.Write(ref busySince, 0);
        }

        try
        {
            tx.RunAfterCommit();
        }
        catch (Exception error)
        {
            // What is durable is answered as done, whatever becomes of the things that follow from it.
            LogEvents.AfterCommitFailed(log, error);
        }
        finally
        {
            tx.RunAtEnd();
        }

        return null;
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
            LogEvents.RollbackFailed(log, error);
        }
        finally
        {
            tx.RunAtEnd();
        }
    }

    private enum Stage
    {
        Begin,
        Work,
        Commit,
    }

    /// <summary>Why a transaction did not end well, and how far it had come.</summary>
    private sealed record Failure(Exception Error, Stage At);
}
