using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// One change of state on its way through the commit loop. Its life: <see cref="Plan"/> announces the reads it always
/// needs, the loop opens the transaction and fetches them for the whole batch, <see cref="RunAsync"/> decides and adds
/// rows, the loop commits, the caller is answered. A batch that fails is carried out again one by one, so neither method
/// may leave traces outside the transaction.
/// </summary>
internal abstract class Operation
{
    /// <summary>
    /// Hashes of what this operation decides about. Two operations that share a key are never in one batch, and on
    /// PostgreSQL two nodes never hold the same key at once.
    /// </summary>
    public abstract IReadOnlyList<long> Keys { get; }

    /// <summary>Whose rows this operation reads and writes. On PostgreSQL its batch cannot reach any other partner's.</summary>
    public abstract PartnerScope Scope { get; }

    /// <summary>True for what touches rows of every key: it shares its transaction with nobody.</summary>
    public virtual bool RunsAlone => false;

    /// <summary>Adds the reads that <see cref="RunAsync"/> will look at.</summary>
    public virtual void Plan(List<PlannedRead> reads)
    {
    }

    /// <summary>Decides, and adds rows unless it refuses: a refusal must not have written anything.</summary>
    public abstract ValueTask RunAsync(Tx tx);

    /// <summary>Answers the caller, after commit.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that it is not known or not true that this happened.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>An operation that answers a value or a refusal.</summary>
internal abstract class Operation<T> : Operation
{
    private readonly TaskCompletionSource<Outcome<T>> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Outcome<T> outcome;

    /// <summary>Done when the transaction is durable (or nothing was to be written).</summary>
    public Task<Outcome<T>> Answer => answer.Task;

    public sealed override async ValueTask RunAsync(Tx tx) => outcome = await DecideAsync(tx);

    public sealed override void Complete() => answer.TrySetResult(outcome);

    public sealed override void Fail(Exception error) => answer.TrySetException(error);

    /// <summary>Reads, asks Core, and adds rows when Core permits.</summary>
    protected abstract ValueTask<Outcome<T>> DecideAsync(Tx tx);
}
