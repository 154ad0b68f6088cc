namespace Concordat.Server.Storage;

/// <summary>
/// One of the two engines. Reading is open to every edge; writing goes through <see cref="BeginAsync"/>, which only the
/// commit loop calls, one transaction at a time per process.
/// </summary>
internal abstract class Database : IAsyncDisposable
{
    /// <summary>Brings the schema up to date under a lock and refuses, with one clear line, settings that could lose data.</summary>
    public abstract Task PrepareAsync(CancellationToken cancel);

    /// <summary>Runs reads on a connection that cannot write.</summary>
    public abstract ValueTask<T> ReadAsync<T>(Func<Tx, ValueTask<T>> read);

    /// <summary>
    /// Opens the writing transaction. On PostgreSQL it takes the advisory locks of <paramref name="keys"/> in ascending
    /// order first, so that two nodes deciding about the same rows follow each other; on SQLite there is one writer anyway.
    /// </summary>
    public abstract ValueTask<Tx> BeginAsync(IReadOnlyCollection<long> keys);

    /// <summary>Makes the transaction durable, after <see cref="Tx.FlushAsync"/>. When this throws, whether it happened is unknown until asked again.</summary>
    public abstract ValueTask CommitAsync(Tx tx);

    /// <summary>Undoes the transaction; never throws for a connection that is already gone.</summary>
    public abstract ValueTask RollbackAsync(Tx tx);

    /// <summary>What other processes change from now on; null where there are no others, as on SQLite.</summary>
    public virtual Task<ForeignChanges?> ListenAsync(CancellationToken cancel) => Task.FromResult<ForeignChanges?>(null);

    /// <summary>Removes everything, before <see cref="PrepareAsync"/>.</summary>
    public abstract Task EmptyAsync(CancellationToken cancel);

    public abstract ValueTask DisposeAsync();
}

/// <summary>The database cannot be used as it is configured; the message is one line for the operator.</summary>
internal sealed class UnsafeDatabaseException(string message) : Exception(message);
