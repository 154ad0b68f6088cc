using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Concordat.Server.Storage;

/// <summary>
/// One statement kept prepared and bound by position. The provider's command looks every parameter up by name and makes a
/// reader for each call, which costs more than SQLite's own work on a row.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly int[] arguments;
    private readonly SqliteRow row;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement, out var rest));
        if (!string.IsNullOrWhiteSpace(rest))
        {
            throw new ArgumentException("One statement at a time: the rest would never run.", nameof(sql));
        }

        // SQLite numbers the places $1, $2 ... as they come in the text; here each finds its argument.
        arguments = [.. Enumerable.Range(1, raw.sqlite3_bind_parameter_count(statement)).Select(place =>
            int.Parse(raw.sqlite3_bind_parameter_name(statement, place).utf8_to_string().AsSpan(1), CultureInfo.InvariantCulture) - 1)];
        row = new SqliteRow(statement);
    }

    /// <summary>Runs it to its end and answers how many rows it changed.</summary>
    public int Run(object?[] values)
    {
        try
        {
            Bind(values);
            while (Step())
            {
            }

            return raw.sqlite3_changes(database);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Gives the reader, which stands before the first row, to <paramref name="take"/>; it is not to be kept.</summary>
    public T Read<T>(object?[] values, Func<SqliteRow, T> take)
    {
        try
        {
            Bind(values);
            row.Begin(Step);
            return take(row);
        }
        finally
        {
            Reset();
        }
    }

    public void Dispose() => statement.Dispose();

    private void Bind(object?[] values)
    {
        for (var place = 0; place < arguments.Length; place++)
        {
            Check(Bind(place + 1, values[arguments[place]]));
        }
    }

    private int Bind(int place, object? value)
    {
        switch (value)
        {
            case Guid id:
                Span<byte> bytes = stackalloc byte[16];
                id.TryWriteBytes(bytes, bigEndian: true, out _);
                return raw.sqlite3_bind_blob(statement, place, bytes);
            case string text:
                return raw.sqlite3_bind_text(statement, place, text);
            case byte[] { Length: 0 }:
                return raw.sqlite3_bind_zeroblob(statement, place, 0);
            case byte[] blob:
                return raw.sqlite3_bind_blob(statement, place, blob);
            case null:
                return raw.sqlite3_bind_null(statement, place);
            default:
                return raw.sqlite3_bind_int64(statement, place, (long)Columns.ToColumn(value)!);
        }
    }

    /// <summary>False at the end; throws <see cref="SqliteException"/>.</summary>
    private bool Step()
    {
        var result = raw.sqlite3_step(statement);
        Check(result);
        return result == raw.SQLITE_ROW;
    }

    // Says again what the last step failed with, so that its result is of no interest.
    private void Reset() => _ = raw.sqlite3_reset(statement);

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
}
