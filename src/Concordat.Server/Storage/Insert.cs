using System.Globalization;

namespace Concordat.Server.Storage;

/// <summary>
/// How rows of one kind are added: table, columns with their PostgreSQL types, and what happens on a known key. The
/// columns are written as <c>name type, name type</c>, in the order of the values.
/// </summary>
internal sealed class Insert
{
    public Insert(string table, string columns, string onConflict = "")
    {
        var parts = columns.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(column => column.Split(' ')).ToArray();
        Types = [.. parts.Select(part => part[1])];
        var names = string.Join(", ", parts.Select(part => part[0]));
        var places = Enumerable.Range(1, parts.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"${i}")).ToArray();
        var arrays = places.Select((place, i) => $"{place}::{Types[i]}[]");
        SingleRow = $"INSERT INTO {table} ({names}) VALUES ({string.Join(", ", places)}) {onConflict}";
        ManyRows = $"INSERT INTO {table} ({names}) SELECT * FROM unnest({string.Join(", ", arrays)}) {onConflict}";
    }

    /// <summary>PostgreSQL type of each column: bytea, bigint or text.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>One row, <c>VALUES ($1, ...)</c>.</summary>
    public string SingleRow { get; }

    /// <summary>Any number of rows, one array per column.</summary>
    public string ManyRows { get; }
}
