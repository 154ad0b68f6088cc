using System.Data.Common;
using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>
/// A connection in use: either the writer's open transaction or a reader. Row functions take it first and hold SQL only.
/// One SQL text serves both engines: positional parameters <c>$1..$n</c>, ids as 16 big-endian bytes, times as Unix
/// milliseconds. Arguments may be Guid, byte[], long, int, short, bool, string or null.
/// </summary>
internal abstract class Tx
{
    private List<Action>? afterCommit;
    private List<Action>? atEnd;

    /// <summary>Whose rows the next statements reach, on PostgreSQL. Within a batch it is one operation's, so that none reaches its neighbour's partner.</summary>
    public virtual PartnerScope Scope { get; set; } = PartnerScope.None;

    /// <summary>Reads every row.</summary>
    public abstract ValueTask<List<T>> ManyAsync<T>(string sql, Func<DbDataReader, T> map, params object?[] args);

    /// <summary>Reads the first row, or null.</summary>
    public abstract ValueTask<T?> OneAsync<T>(string sql, Func<DbDataReader, T> map, params object?[] args) where T : class;

    /// <summary>Runs a statement at once and answers how many rows it touched.</summary>
    public abstract ValueTask<int> ExecuteAsync(string sql, params object?[] args);

    /// <summary>
    /// Adds a row. On PostgreSQL rows are kept back and sent as one statement per table before the next read, statement or
    /// commit; a conflict with an existing key is therefore a bug that fails the batch, never a way to ask whether it exists.
    /// </summary>
    public abstract ValueTask InsertAsync(Insert into, params object?[] values);

    /// <summary>Sends the rows kept back, so that whatever is wrong with them shows before the commit.</summary>
    public virtual ValueTask FlushAsync() => ValueTask.CompletedTask;

    /// <summary>Carries out planned reads, on PostgreSQL in one round trip.</summary>
    public abstract ValueTask PrefetchAsync(IReadOnlyList<PlannedRead> reads);

    /// <summary>
    /// Says that what the gate knows of a (partner, customer) changes with this transaction, so that other processes on the
    /// same database read it anew; row functions call it. SQLite serves one process, so nobody needs to know there.
    /// </summary>
    public virtual void Touch(PartnerId partner, CustomerId customer)
    {
    }

    /// <summary>As <see cref="Touch"/>, about everything.</summary>
    public virtual void TouchEverything()
    {
    }

    /// <summary>Runs <paramref name="action"/> once the transaction is durable and before anybody is answered; never on roll-back.</summary>
    public void AfterCommit(Action action) => (afterCommit ??= []).Add(action);

    /// <summary>Runs <paramref name="action"/> when the transaction is over, whatever became of it: last of all.</summary>
    public void AtEnd(Action action) => (atEnd ??= []).Add(action);

    /// <summary>Called by the commit loop, once for each transaction.</summary>
    internal void RunAtEnd()
    {
        var actions = atEnd;
        atEnd = null;
        actions?.ForEach(action => action());
    }

    /// <summary>Called by the commit loop.</summary>
    internal void RunAfterCommit()
    {
        if (afterCommit is null)
        {
            return;
        }

        // Taken off first: an action that throws must not run again after the next commit.
        var actions = afterCommit;
        afterCommit = null;
        foreach (var action in actions)
        {
            action();
        }
    }

    /// <summary>Called by the commit loop when the transaction did not happen.</summary>
    internal void ForgetAfterCommit() => afterCommit?.Clear();
}

/// <summary>A read that an operation announces before its batch begins.</summary>
internal abstract class PlannedRead(string sql, object?[] args)
{
    public string Sql { get; } = sql;

    public object?[] Args { get; } = args;

    /// <summary>Whose rows it reads; null for what the connection may see.</summary>
    public PartnerScope? Scope { get; set; }

    /// <summary>Takes the rows from a reader positioned before the first one.</summary>
    public abstract void Take(DbDataReader reader);
}

/// <summary>A planned read of several rows.</summary>
internal sealed class PlannedRead<T>(string sql, Func<DbDataReader, T> map, params object?[] args) : PlannedRead(sql, args)
{
    /// <summary>The rows; filled once the batch has begun.</summary>
    public List<T> Rows { get; } = [];

    public override void Take(DbDataReader reader)
    {
        Rows.Clear();
        while (reader.Read())
        {
            Rows.Add(map(reader));
        }
    }
}
