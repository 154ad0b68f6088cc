using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Concordat.Server.Storage;

/// <summary>
/// One SQLite connection with its prepared statements. SQLite is in the process, so every call completes synchronously;
/// rows are written as they come.
/// </summary>
internal sealed class SqliteTx(SqliteConnection connection) : Tx, IDisposable
{
    private readonly Dictionary<string, SqliteStatement> statements = new(StringComparer.Ordinal);

    public SqliteConnection Connection { get; } = connection;

    public override ValueTask<List<T>> ManyAsync<T>(string sql, Func<DbDataReader, T> map, params object?[] args) =>
        ValueTask.FromResult(Prepare(sql).Read(args, row =>
        {
            var rows = new List<T>();
            while (row.Read())
            {
                rows.Add(map(row));
            }

            return rows;
        }));

    public override ValueTask<T?> OneAsync<T>(string sql, Func<DbDataReader, T> map, params object?[] args) where T : class =>
        ValueTask.FromResult(Prepare(sql).Read(args, row => row.Read() ? map(row) : null));

    public override ValueTask<int> ExecuteAsync(string sql, params object?[] args) => ValueTask.FromResult(Prepare(sql).Run(args));

    public override ValueTask InsertAsync(Insert into, params object?[] values)
    {
        Prepare(into.SingleRow).Run(values);
        return ValueTask.CompletedTask;
    }

    public override ValueTask PrefetchAsync(IReadOnlyList<PlannedRead> reads)
    {
        foreach (var read in reads)
        {
            Prepare(read.Sql).Read(read.Args, row =>
            {
                read.Take(row);
                return true;
            });
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a statement without parameters that is not worth keeping.</summary>
    public void Run(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs BEGIN, COMMIT or ROLLBACK from the prepared statements.</summary>
    public void Control(string sql) => Prepare(sql).Run([]);

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        Connection.Dispose();
    }

    private SqliteStatement Prepare(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            statements.Add(sql, statement = new SqliteStatement(Connection, sql));
        }

        return statement;
    }
}
