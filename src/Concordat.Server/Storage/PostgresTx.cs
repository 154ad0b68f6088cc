using System.Data.Common;
using Concordat.Core;
using Npgsql;
using NpgsqlTypes;

namespace Concordat.Server.Storage;

/// <summary>
/// One PostgreSQL connection. Added rows are kept back per kind and go out as one <c>INSERT .. SELECT FROM unnest</c>
/// each, all in one round trip; planned reads share one round trip too. Statements are prepared by the driver.
/// </summary>
internal sealed class PostgresTx(NpgsqlConnection connection) : Tx
{
    private readonly Dictionary<Insert, List<object?[]>> pending = [];
    private readonly HashSet<StandingId> touched = [];
    private bool touchedEverything;

    public NpgsqlConnection Connection { get; } = connection;

    public override async ValueTask<List<T>> ManyAsync<T>(string sql, Func<DbDataReader, T> map, params object?[] args)
    {
        await SendAsync(last: false);
        await using var command = Command(sql, args);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    public override async ValueTask<T?> OneAsync<T>(string sql, Func<DbDataReader, T> map, params object?[] args) where T : class
    {
        await SendAsync(last: false);
        await using var command = Command(sql, args);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? map(reader) : null;
    }

    public override async ValueTask<int> ExecuteAsync(string sql, params object?[] args)
    {
        await SendAsync(last: false);
        await using var command = Command(sql, args);
        return await command.ExecuteNonQueryAsync();
    }

    public override ValueTask InsertAsync(Insert into, params object?[] values)
    {
        if (!pending.TryGetValue(into, out var rows))
        {
            pending.Add(into, rows = []);
        }

        rows.Add(values);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask PrefetchAsync(IReadOnlyList<PlannedRead> reads)
    {
        await SendAsync(last: false);
        if (reads.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(Connection);
        foreach (var read in reads)
        {
            var command = new NpgsqlBatchCommand(read.Sql);
            Bind(command.Parameters, read.Args);
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var read in reads)
        {
            read.Take(reader);
            await reader.NextResultAsync();
        }
    }

    public override void Touch(PartnerId partner, CustomerId customer) => touched.Add(new StandingId(partner, customer));

    public override void TouchEverything() => touchedEverything = true;

    /// <summary>
    /// Also tells other processes what changed: PostgreSQL delivers that when the transaction is durable, and never when it
    /// is not.
    /// </summary>
    public override ValueTask FlushAsync() => SendAsync(last: true);

    private async ValueTask SendAsync(bool last)
    {
        var notices = last ? ChangeNotice.Payloads(touched, touchedEverything) : [];
        if (pending.Count == 0 && notices.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(Connection);
        AddRows(batch);
        foreach (var notice in notices)
        {
            var command = new NpgsqlBatchCommand("SELECT pg_notify($1, $2)");
            Bind(command.Parameters, [ChangeNotice.Channel, notice]);
            batch.BatchCommands.Add(command);
        }

        if (last)
        {
            touched.Clear();
            touchedEverything = false;
        }

        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Drops the rows kept back, after a failed batch.</summary>
    public void Forget() => pending.Clear();

    private void AddRows(NpgsqlBatch batch)
    {
        foreach (var (into, rows) in pending)
        {
            var command = new NpgsqlBatchCommand(into.ManyRows);
            for (var column = 0; column < into.Types.Count; column++)
            {
                command.Parameters.Add(ColumnOf(into.Types[column], column, rows));
            }

            batch.BatchCommands.Add(command);
        }

        pending.Clear();
    }

    private NpgsqlCommand Command(string sql, object?[] args)
    {
        var command = new NpgsqlCommand(sql, Connection);
        Bind(command.Parameters, args);
        return command;
    }

    private static void Bind(NpgsqlParameterCollection parameters, object?[] args)
    {
        foreach (var arg in args)
        {
            parameters.Add(Columns.ToColumn(arg) switch
            {
                byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes, NpgsqlDbType = NpgsqlDbType.Bytea },
                long number => new NpgsqlParameter<long> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint },
                string text => new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text },
                long[] numbers => new NpgsqlParameter<long[]> { TypedValue = numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                null => new NpgsqlParameter { Value = DBNull.Value },
                var other => throw new ArgumentException($"No column type for {other.GetType()}."),
            });
        }
    }

    private static NpgsqlParameter ColumnOf(string type, int column, List<object?[]> rows)
    {
        var kind = type switch
        {
            "bytea" => NpgsqlDbType.Bytea,
            "bigint" => NpgsqlDbType.Bigint,
            "text" => NpgsqlDbType.Text,
            _ => throw new ArgumentException($"No array of {type}."),
        };
        object values = kind switch
        {
            NpgsqlDbType.Bytea => rows.ConvertAll(row => (byte[]?)Columns.ToColumn(row[column])),
            NpgsqlDbType.Bigint => rows.ConvertAll(row => (long?)Columns.ToColumn(row[column])),
            _ => rows.ConvertAll(row => (string?)Columns.ToColumn(row[column])),
        };
        return new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | kind };
    }
}
