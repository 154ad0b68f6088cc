using System.Data.Common;

namespace Concordat.Server.Storage;

/// <summary>Reads the few column kinds of the schema.</summary>
internal static class Columns
{
    public static Guid Id(this DbDataReader row, int column) => new(row.GetFieldValue<byte[]>(column), bigEndian: true);

    public static Guid? IdOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Id(column);

    public static byte[] Bytes(this DbDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static long Long(this DbDataReader row, int column) => row.GetInt64(column);

    public static long? LongOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static bool Flag(this DbDataReader row, int column) => row.GetInt64(column) != 0;

    public static string Text(this DbDataReader row, int column) => row.GetString(column);

    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A value as the engines take it: ids as bytes, every number as 64 bits.</summary>
    public static object? ToColumn(object? value) => value switch
    {
        null => null,
        Guid id => id.ToByteArray(bigEndian: true),
        bool flag => flag ? 1L : 0L,
        int number => (long)number,
        short number => (long)number,
        byte number => (long)number,
        _ => value,
    };
}
