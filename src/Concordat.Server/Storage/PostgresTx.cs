using System.Data.Common;
using Concordat.Core;
using Npgsql;
using NpgsqlTypes;

namespace Concordat.Server.Storage;

/// <summary>
/// One PostgreSQL connection. Added rows are kept back per kind and go out as one <c>INSERT .. SELECT FROM unnest</c>
/// each, all in one round trip; planned reads share one round trip too. Statements are prepared by the driver.
/// </summary>
/// <remarks>
/// In the working <paramref name="role"/> every statement goes out behind an announcement of role and partners
/// (<see cref="RowSecurity.Enter"/>), in the same message. In a transaction that is <paramref name="lasting"/> the
/// announcement holds until another one; otherwise each message is a transaction of its own. Without a role (schema,
/// notices) the login itself is at work.
/// </remarks>
internal sealed class PostgresTx(NpgsqlConnection connection, string? role = null, PartnerScope? scope = null, bool lasting = false) : Tx
{
    private readonly Dictionary<Insert, List<object?[]>> pending = [];
    private readonly HashSet<StandingId> touched = [];
    private readonly PartnerScope whole = scope ?? PartnerScope.None;
    private bool touchedEverything;
    private string? announced;

    public NpgsqlConnection Connection { get; } = connection;

    public override PartnerScope Scope { get; set; } = scope ?? PartnerScope.None;

    public override async ValueTask<List<T>> ManyAsync<T>(string sql, Func<DbDataReader, T> map, params object?[] args)
    {
        await SendAsync(last: false);
        await using var batch = Batch(sql, args);
        await using var reader = await ReadAsync(batch);
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
        await using var batch = Batch(sql, args);
        await using var reader = await ReadAsync(batch);
        return await reader.ReadAsync() ? map(reader) : null;
    }

    public override async ValueTask<int> ExecuteAsync(string sql, params object?[] args)
    {
        await SendAsync(last: false);
        await using var batch = Batch(sql, args);
        return await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Runs several statements without parameters, as schema scripts are.</summary>
    public async ValueTask RunAsync(string script)
    {
        await using var command = new NpgsqlCommand(script, Connection);
        await command.ExecuteNonQueryAsync();
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

        // Reads of one scope stand together, so that it is announced once.
        var ordered = reads.OrderBy(read => (read.Scope ?? Scope).Text, StringComparer.Ordinal).ToList();
        await using var batch = new NpgsqlBatch(Connection);
        var answers = new List<PlannedRead?>(reads.Count + 1);
        foreach (var read in ordered)
        {
            if (Announce(batch, read.Scope ?? Scope, first: answers.Count == 0))
            {
                answers.Add(null);
            }

            Add(batch, read.Sql, read.Args);
            answers.Add(read);
        }

        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var read in answers)
        {
            read?.Take(reader);
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

        // Rows kept back are those of several operations.
        await using var batch = new NpgsqlBatch(Connection);
        Announce(batch, whole, first: true);
        AddRows(batch);
        foreach (var notice in notices)
        {
            Add(batch, "SELECT pg_notify($1, $2)", [ChangeNotice.Channel, notice]);
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

    private NpgsqlBatch Batch(string sql, object?[] args)
    {
        var batch = new NpgsqlBatch(Connection);
        Announce(batch, Scope, first: true);
        Add(batch, sql, args);
        return batch;
    }

    /// <summary>The answer to the last command: what stands before it is an announcement.</summary>
    private static async ValueTask<NpgsqlDataReader> ReadAsync(NpgsqlBatch batch)
    {
        var reader = await batch.ExecuteReaderAsync();
        if (batch.BatchCommands.Count > 1)
        {
            await reader.NextResultAsync();
        }

        return reader;
    }

    /// <summary>Adds the announcement where it is due; false when it still holds.</summary>
    private bool Announce(NpgsqlBatch batch, PartnerScope to, bool first)
    {
        if (role is null || (announced == to.Text && (lasting || !first)))
        {
            return false;
        }

        Add(batch, RowSecurity.Enter, [role, to.Text]);
        announced = to.Text;
        return true;
    }

    private static void Add(NpgsqlBatch batch, string sql, object?[] args)
    {
        var command = new NpgsqlBatchCommand(sql);
        Bind(command.Parameters, args);
        batch.BatchCommands.Add(command);
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
