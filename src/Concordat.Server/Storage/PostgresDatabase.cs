using Npgsql;

namespace Concordat.Server.Storage;

/// <summary>The scale-out engine: any number of stateless nodes on one PostgreSQL 15 or newer.</summary>
internal sealed class PostgresDatabase : Database
{
    // One key for all of this product's schema changes, so that two nodes starting together follow each other.
    private const long MigrationLock = 0x436f6e636f726461;

    private readonly NpgsqlDataSource source;
    private string? role;
    private readonly string connectionString;
    private NpgsqlConnection? writer;
    private NpgsqlTransaction? transaction;

    public PostgresDatabase(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            Enlist = false,
        };
        this.connectionString = builder.ConnectionString;
        source = NpgsqlDataSource.Create(this.connectionString);
    }

    /// <summary>Puts row-level security back where somebody took it off, for the command that mends the schema; a start refuses instead.</summary>
    public bool MendsRowSecurity { get; init; }

    private string Role => role ?? throw new InvalidOperationException("The database is used before it was prepared.");

    public override async Task PrepareAsync(CancellationToken cancel)
    {
        await using var connection = await OpenOrCreateAsync(cancel);
        var tx = new PostgresTx(connection);
        await CheckAsync(tx);
        await tx.ExecuteAsync("SELECT pg_advisory_lock($1)", MigrationLock);
        try
        {
            role = await RowSecurity.RoleOfAsync(tx);
            await MigrateAsync(connection, tx, cancel);
            await RowSecurity.CheckAsync(tx, role);
        }
        finally
        {
            await tx.ExecuteAsync("SELECT pg_advisory_unlock($1)", MigrationLock);
        }
    }

    public override async ValueTask<T> ReadAsync<T>(PartnerScope scope, Func<Tx, ValueTask<T>> read)
    {
        await using var connection = await source.OpenConnectionAsync();
        // No transaction is opened: the driver sends each statement with its announcement in one message, and the server
        // takes that as one transaction. So a read costs one round trip, and the announcement ends with it.
        return await read(new PostgresTx(connection, Role, scope, lasting: false));
    }

    public override async ValueTask<Tx> BeginAsync(IReadOnlyCollection<long> keys, PartnerScope scope)
    {
        if (writer is not { State: System.Data.ConnectionState.Open })
        {
            await DropWriterAsync();
            writer = await source.OpenConnectionAsync();
        }

        try
        {
            transaction = await writer.BeginTransactionAsync();
            var tx = new PostgresTx(writer, Role, scope, lasting: true);
            if (keys.Count > 0)
            {
                // Statements after this one take a fresh snapshot (READ COMMITTED), so they see what the lock's last holder wrote.
                await tx.ExecuteAsync("SELECT pg_advisory_xact_lock(k) FROM unnest($1) AS k", keys.Order().ToArray());
            }

            return tx;
        }
        catch
        {
            // Nobody else can roll back what failed to begin (a lock not had in time, say), and the connection could begin
            // nothing new before that.
            await DropWriterAsync();
            throw;
        }
    }

    public override async ValueTask CommitAsync(Tx tx)
    {
        await ((PostgresTx)tx).FlushAsync();
        await transaction!.CommitAsync();
    }

    public override async ValueTask RollbackAsync(Tx tx)
    {
        ((PostgresTx)tx).Forget();
        try
        {
            await transaction!.RollbackAsync();
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The server or the connection is gone, and the transaction with it; the next one opens a new connection.
            await DropWriterAsync();
        }
    }

    public override bool IsAlone => false;

    public override Task<PostgresSeat?> TakeSeatAsync() => PostgresSeat.TakeAsync(connectionString, Role);

    public override async Task<ForeignChanges?> ListenAsync(CancellationToken cancel)
    {
        // A connection of its own, asked every few seconds whether it still lives: a broken one must not look like silence.
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 5 };
        var connection = new NpgsqlConnection(builder.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            var changes = new ForeignChanges(connection, () => writer?.ProcessID ?? 0);
            await new PostgresTx(connection).ExecuteAsync($"LISTEN {ChangeNotice.Channel}");
            return changes;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async Task EmptyAsync(CancellationToken cancel)
    {
        await using var connection = await OpenOrCreateAsync(cancel);
        await new PostgresTx(connection).ExecuteAsync("DROP SCHEMA public CASCADE");
        await new PostgresTx(connection).ExecuteAsync("CREATE SCHEMA public");
    }

    public override async ValueTask DisposeAsync()
    {
        await DropWriterAsync();
        await source.DisposeAsync();
    }

    /// <summary>Gives the connection back; the pool rolls back what is open and forgets a connection that is broken.</summary>
    private async ValueTask DropWriterAsync()
    {
        if (writer is { } old)
        {
            writer = null;
            await old.DisposeAsync();
        }
    }

    private async Task<NpgsqlConnection> OpenOrCreateAsync(CancellationToken cancel)
    {
        try
        {
            return await source.OpenConnectionAsync(cancel);
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            var name = builder.Database!;
            builder.Database = "postgres";
            builder.Pooling = false;
            await using var maintenance = new NpgsqlConnection(builder.ConnectionString);
            await maintenance.OpenAsync(cancel);
            var tx = new PostgresTx(maintenance);
            // Held until the connection closes: of two nodes that start together, the second finds the database made.
            await tx.ExecuteAsync("SELECT pg_advisory_lock($1)", MigrationLock);
            if (await tx.OneAsync("SELECT 1 FROM pg_database WHERE datname = $1", row => "", name) is null)
            {
                await tx.ExecuteAsync($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            }

            return await source.OpenConnectionAsync(cancel);
        }
    }

    private static async Task CheckAsync(PostgresTx tx)
    {
        foreach (var setting in (string[])["fsync", "full_page_writes", "synchronous_commit"])
        {
            var value = await tx.OneAsync("SELECT current_setting($1)", row => row.Text(0), setting);
            if (value == "off")
            {
                throw new UnsafeDatabaseException($"PostgreSQL runs with {setting}=off; an acknowledged record could be lost. Set it to on.");
            }
        }
    }

    /// <summary>All missing scripts and the security of their tables in one transaction: no table is ever there unguarded.</summary>
    private async Task MigrateAsync(NpgsqlConnection connection, PostgresTx tx, CancellationToken cancel)
    {
        await using var step = await connection.BeginTransactionAsync(cancel);
        var known = await tx.OneAsync("SELECT 1 FROM pg_class WHERE oid = to_regclass($1)", row => "", SchemaVersions.Table) is null
            ? null : await tx.ManyAsync("SELECT number FROM schema_versions", row => row.Long(0));
        var scripts = SchemaScripts.For("postgres");
        SchemaVersions.RefuseNewer(known ?? [], scripts);
        var missing = scripts.Where(script => known?.Contains(script.Number) != true).ToList();
        if (missing.Count == 0 && !MendsRowSecurity)
        {
            // A login that does not own the tables can go on from here.
            return;
        }

        if (known is null)
        {
            await tx.ExecuteAsync("CREATE TABLE schema_versions (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)");
        }

        // The owner is under row-level security too; a script that moves rows has to see them.
        await tx.ExecuteAsync("SELECT set_config('concordat.partners', '*', true)");
        foreach (var (number, name, sql) in missing)
        {
            await tx.RunAsync(sql);
            await tx.ExecuteAsync("INSERT INTO schema_versions (number, name) VALUES ($1, $2)", number, name);
        }

        await RowSecurity.ApplyAsync(tx, Role);
        await step.CommitAsync(cancel);
    }
}
