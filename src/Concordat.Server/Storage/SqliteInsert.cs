using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Concordat.Server.Storage;

/// <summary>
/// An INSERT kept prepared and bound by position. A confirmation adds seven rows, and the provider's command looks every
/// parameter up by name and builds a reader for each: that cost more than SQLite's own work.
/// </summary>
internal sealed class SqliteInsert : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    public SqliteInsert(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement), raw.SQLITE_OK);
    }

    /// <summary>Adds one row; throws <see cref="SqliteException"/> and leaves the statement ready for the next one.</summary>
    public void Run(object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            Check(Bind(i + 1, values[i]), raw.SQLITE_OK);
        }

        var result = raw.sqlite3_step(statement);
        try
        {
            Check(result, raw.SQLITE_DONE);
        }
        finally
        {
            _ = raw.sqlite3_reset(statement);
        }
    }

    public void Dispose() => statement.Dispose();

    private int Bind(int position, object? value)
    {
        switch (value)
        {
            case Guid id:
                Span<byte> bytes = stackalloc byte[16];
                id.TryWriteBytes(bytes, bigEndian: true, out _);
                return raw.sqlite3_bind_blob(statement, position, bytes);
            case string text:
                return raw.sqlite3_bind_text(statement, position, text);
            case byte[] { Length: 0 }:
                return raw.sqlite3_bind_zeroblob(statement, position, 0);
            case byte[] blob:
                return raw.sqlite3_bind_blob(statement, position, blob);
            case null:
                return raw.sqlite3_bind_null(statement, position);
            default:
                return raw.sqlite3_bind_int64(statement, position, (long)Columns.ToColumn(value)!);
        }
    }

    private void Check(int result, int expected)
    {
        if (result != expected)
        {
            throw new SqliteException(raw.sqlite3_errmsg(database).utf8_to_string(), result);
        }
    }
}
