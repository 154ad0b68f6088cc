using System.Collections;
using System.Data.Common;
using SQLitePCL;

namespace Concordat.Server.Storage;

/// <summary>
/// The rows of a <see cref="SqliteStatement"/>, for functions that map a <see cref="DbDataReader"/>: the column kinds that the
/// schema has, by position. What <see cref="Columns"/> never asks for is not supported.
/// </summary>
internal sealed class SqliteRow(sqlite3_stmt statement) : DbDataReader
{
    private Func<bool>? step;

    public override int FieldCount => raw.sqlite3_column_count(statement);

    public override int Depth => 0;

    public override bool HasRows => throw new NotSupportedException();

    public override bool IsClosed => false;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => throw new NotSupportedException();

    /// <summary>Stands before the first row of a new run; <paramref name="next"/> goes on.</summary>
    public void Begin(Func<bool> next) => step = next;

    public override bool Read() => step!();

    public override bool NextResult() => false;

    public override bool IsDBNull(int ordinal) => raw.sqlite3_column_type(statement, ordinal) == raw.SQLITE_NULL;

    public override long GetInt64(int ordinal) => NotNull(ordinal, raw.sqlite3_column_int64(statement, ordinal));

    public override string GetString(int ordinal) => NotNull(ordinal, raw.sqlite3_column_text(statement, ordinal).utf8_to_string());

    public override T GetFieldValue<T>(int ordinal) => typeof(T) == typeof(byte[])
        ? (T)(object)NotNull(ordinal, raw.sqlite3_column_blob(statement, ordinal).ToArray())
        : throw new NotSupportedException();

    public override object GetValue(int ordinal) => raw.sqlite3_column_type(statement, ordinal) switch
    {
        raw.SQLITE_NULL => DBNull.Value,
        raw.SQLITE_INTEGER => GetInt64(ordinal),
        raw.SQLITE_TEXT => GetString(ordinal),
        raw.SQLITE_BLOB => GetFieldValue<byte[]>(ordinal),
        _ => throw new NotSupportedException(),
    };

    public override bool GetBoolean(int ordinal) => throw new NotSupportedException();

    public override byte GetByte(int ordinal) => throw new NotSupportedException();

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override char GetChar(int ordinal) => throw new NotSupportedException();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override string GetDataTypeName(int ordinal) => throw new NotSupportedException();

    public override DateTime GetDateTime(int ordinal) => throw new NotSupportedException();

    public override decimal GetDecimal(int ordinal) => throw new NotSupportedException();

    public override double GetDouble(int ordinal) => throw new NotSupportedException();

    public override IEnumerator GetEnumerator() => throw new NotSupportedException();

    public override Type GetFieldType(int ordinal) => throw new NotSupportedException();

    public override float GetFloat(int ordinal) => throw new NotSupportedException();

    public override Guid GetGuid(int ordinal) => throw new NotSupportedException();

    public override short GetInt16(int ordinal) => throw new NotSupportedException();

    public override int GetInt32(int ordinal) => throw new NotSupportedException();

    public override string GetName(int ordinal) => raw.sqlite3_column_name(statement, ordinal).utf8_to_string();

    public override int GetOrdinal(string name) => throw new NotSupportedException();

    public override int GetValues(object[] values) => throw new NotSupportedException();

    // SQLite would make 0 or an empty text of it, and the fault would stay hidden.
    private T NotNull<T>(int ordinal, T value) =>
        IsDBNull(ordinal) ? throw new InvalidCastException($"Column {ordinal} is NULL.") : value;
}
