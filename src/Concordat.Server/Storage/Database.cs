using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>
/// One of the two engines. Reading is open to every edge; writing goes through <see cref="BeginAsync"/>, which only the
/// commit loop calls, one transaction at a time per process.
/// </summary>
internal abstract class Database : IAsyncDisposable
{
    /// <summary>Brings the schema up to date under a lock and refuses, with one clear line, settings that could lose data.</summary>
    public abstract Task PrepareAsync(CancellationToken cancel);

    /// <summary>Runs reads on a connection that sees what <paramref name="scope"/> names.</summary>
    public abstract ValueTask<T> ReadAsync<T>(PartnerScope scope, Func<Tx, ValueTask<T>> read);

    /// <summary>Runs reads about one partner: another partner's rows are not there.</summary>
    public ValueTask<T> ReadAsync<T>(PartnerId partner, Func<Tx, ValueTask<T>> read) => ReadAsync(PartnerScope.Of(partner), read);

    /// <summary>Runs reads of shared tables: no partner's rows are there.</summary>
    public ValueTask<T> ReadSharedAsync<T>(Func<Tx, ValueTask<T>> read) => ReadAsync(PartnerScope.None, read);

    /// <summary>Runs reads over all partners, for work that is not about one partner.</summary>
    public ValueTask<T> ReadEverythingAsync<T>(Func<Tx, ValueTask<T>> read) => ReadAsync(PartnerScope.Everything, read);

    /// <summary>
    /// Opens the writing transaction. On PostgreSQL it takes the advisory locks of <paramref name="keys"/> in ascending
    /// order first, so that two nodes deciding about the same rows follow each other; on SQLite there is one writer anyway.
    /// Rows of partners outside <paramref name="scope"/> are neither seen nor written.
    /// </summary>
    public abstract ValueTask<Tx> BeginAsync(IReadOnlyCollection<long> keys, PartnerScope scope);

    /// <summary>Makes the transaction durable, after <see cref="Tx.FlushAsync"/>. When this throws, whether it happened is unknown until asked again.</summary>
    public abstract ValueTask CommitAsync(Tx tx);

    /// <summary>Undoes the transaction; never throws for a connection that is already gone.</summary>
    public abstract ValueTask RollbackAsync(Tx tx);

    /// <summary>True when this process is the only one that writes, so that nobody need be elected for anything.</summary>
    public virtual bool IsAlone => true;

    /// <summary>Takes the place of the ledger's one sequencer among all nodes; null while another has it, and where there are no others.</summary>
    public virtual Task<PostgresSeat?> TakeSeatAsync() => Task.FromResult<PostgresSeat?>(null);

    /// <summary>What other processes change from now on; null where there are no others, as on SQLite.</summary>
    public virtual Task<ForeignChanges?> ListenAsync(CancellationToken cancel) => Task.FromResult<ForeignChanges?>(null);

    /// <summary>Removes everything, before <see cref="PrepareAsync"/>.</summary>
    public abstract Task EmptyAsync(CancellationToken cancel);

    public abstract ValueTask DisposeAsync();
}

/// <summary>The database cannot be used as it is configured; the message is one line for the operator.</summary>
internal sealed class UnsafeDatabaseException(string message) : Exception(message);
