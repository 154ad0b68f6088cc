using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Concordat.Server.Storage;

/// <summary>
/// One SQLite connection with its prepared statements. SQLite is in the process, so every call completes synchronously;
/// rows are written as they come.
/// </summary>
internal sealed class SqliteTx(SqliteConnection connection) : Tx, IDisposable
{
    private readonly Dictionary<string, SqliteCommand> statements = new(StringComparer.Ordinal);

    private readonly Dictionary<Insert, SqliteInsert> inserts = [];

    public SqliteConnection Connection { get; } = connection;

    public override ValueTask<List<T>> ManyAsync<T>(string sql, Func<DbDataReader, T> map, params object?[] args)
    {
        var rows = new List<T>();
        using var reader = Prepare(sql, args).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return ValueTask.FromResult(rows);
    }

    public override ValueTask<T?> OneAsync<T>(string sql, Func<DbDataReader, T> map, params object?[] args) where T : class
    {
        using var reader = Prepare(sql, args).ExecuteReader();
        return ValueTask.FromResult(reader.Read() ? map(reader) : null);
    }

    public override ValueTask<int> ExecuteAsync(string sql, params object?[] args) =>
        ValueTask.FromResult(Prepare(sql, args).ExecuteNonQuery());

    public override ValueTask InsertAsync(Insert into, params object?[] values)
    {
        if (!inserts.TryGetValue(into, out var statement))
        {
            inserts.Add(into, statement = new SqliteInsert(Connection, into.SingleRow));
        }

        statement.Run(values);
        return ValueTask.CompletedTask;
    }

    public override ValueTask PrefetchAsync(IReadOnlyList<PlannedRead> reads)
    {
        foreach (var read in reads)
        {
            using var reader = Prepare(read.Sql, read.Args).ExecuteReader();
            read.Take(reader);
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
    public void Control(string sql) => Prepare(sql, []).ExecuteNonQuery();

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        foreach (var insert in inserts.Values)
        {
            insert.Dispose();
        }

        Connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, object?[] args)
    {
        if (!statements.TryGetValue(sql, out var command))
        {
            command = Connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= args.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${i}") });
            }

            statements.Add(sql, command);
        }

        for (var i = 0; i < args.Length; i++)
        {
            command.Parameters[i].Value = Columns.ToColumn(args[i]) ?? DBNull.Value;
        }

        return command;
    }
}
