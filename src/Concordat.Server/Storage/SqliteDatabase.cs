using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Concordat.Server.Storage;

/// <summary>
/// The embedded engine: one file in WAL mode with <c>synchronous=FULL</c>. The one writing connection also does the
/// checkpointing; readers are separate and cannot write. A lock file keeps a second process away.
/// </summary>
internal sealed class SqliteDatabase : Database
{
    // Pages of 4 KiB kept in the log before the writer copies them back: 16 MiB keeps check-points rare under load.
    private const int CheckpointPages = 4096;

    // Another process (a backup, an administrator's shell) may hold the file for a moment.
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(30);

    // A connection is used by one thread at a time, so SQLite need not lock it for each call; and it need not count its
    // memory, which it does under one lock for all. It takes this only before its first use in the process.
    private static readonly Lazy<bool> Configured = new(() =>
    {
        Batteries_V2.Init();
        return raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD) == raw.SQLITE_OK
            && raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0) == raw.SQLITE_OK;
    });

    private readonly string path;
    private readonly ConcurrentBag<SqliteTx> readers = [];
    private FileStream? processLock;
    private SqliteTx? writer;

    public SqliteDatabase(string path)
    {
        _ = Configured.Value;
        this.path = path;
    }

    public override async Task PrepareAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        processLock ??= TakeLock();
        writer = Open(readOnly: false);
        writer.Run("PRAGMA journal_mode=WAL");
        writer.Run("PRAGMA synchronous=FULL");
        writer.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA wal_autocheckpoint={CheckpointPages}"));
        writer.Run("PRAGMA cache_size=-65536");
        await CheckAsync(writer);
        await MigrateAsync(writer);
    }

    public override async ValueTask<T> ReadAsync<T>(PartnerScope scope, Func<Tx, ValueTask<T>> read)
    {
        if (!readers.TryTake(out var reader))
        {
            reader = Open(readOnly: true);
            reader.Run("PRAGMA query_only=1");
            reader.Run("PRAGMA cache_size=-16384");
            // Every commit empties a reader's cache: mapped pages need no copying to be there again.
            reader.Run("PRAGMA mmap_size=1073741824");
        }

        try
        {
            return await read(reader);
        }
        finally
        {
            readers.Add(reader);
        }
    }

    public override ValueTask<Tx> BeginAsync(IReadOnlyCollection<long> keys, PartnerScope scope)
    {
        // A roll-back that failed earlier, on a full or faulty disk, is tried again before anything new begins.
        Undo(writer!);
        writer!.Control("BEGIN IMMEDIATE");
        return ValueTask.FromResult<Tx>(writer);
    }

    public override ValueTask CommitAsync(Tx tx)
    {
        ((SqliteTx)tx).Control("COMMIT");
        return ValueTask.CompletedTask;
    }

    public override ValueTask RollbackAsync(Tx tx)
    {
        Undo((SqliteTx)tx);
        return ValueTask.CompletedTask;
    }

    public override Task EmptyAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        processLock ??= TakeLock();
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(path + suffix);
        }

        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        while (readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        writer?.Dispose();
        SqliteConnection.ClearAllPools();
        processLock?.Dispose();
        return ValueTask.CompletedTask;
    }

    private FileStream TakeLock()
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new UnsafeDatabaseException($"{path} is in use by another process; SQLite serves one. Stop it, or use PostgreSQL for several nodes.");
        }
    }

    private SqliteTx Open(bool readOnly)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ConnectionString);
        connection.Open();
        raw.sqlite3_busy_timeout(connection.Handle, (int)BusyTimeout.TotalMilliseconds);
        return new SqliteTx(connection);
    }

    private static void Undo(SqliteTx tx)
    {
        // A failed statement may already have ended the transaction, in which case there is nothing to undo.
        if (raw.sqlite3_get_autocommit(tx.Connection.Handle) == 0)
        {
            tx.Control("ROLLBACK");
        }
    }

    private static async Task CheckAsync(SqliteTx tx)
    {
        var mode = await tx.OneAsync("PRAGMA journal_mode", row => row.Text(0));
        var synchronous = await tx.OneAsync("PRAGMA synchronous", row => (object)row.Long(0));
        if (mode != "wal" || (long)synchronous! < 2)
        {
            throw new UnsafeDatabaseException(
                $"SQLite runs with journal_mode={mode} and synchronous={synchronous}; an acknowledged record could be lost. " +
                "WAL and FULL are required: put the data directory on a local file system.");
        }
    }

    private static async Task MigrateAsync(SqliteTx tx)
    {
        tx.Run("CREATE TABLE IF NOT EXISTS schema_versions (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)");
        tx.Run("BEGIN EXCLUSIVE");
        var known = await tx.ManyAsync("SELECT number FROM schema_versions", row => row.Long(0));
        var scripts = SchemaScripts.For("sqlite");
        SchemaVersions.RefuseNewer(known, scripts);
        foreach (var (number, name, sql) in scripts.Where(script => !known.Contains(script.Number)))
        {
            tx.Run(sql);
            await tx.ExecuteAsync("INSERT INTO schema_versions (number, name) VALUES ($1, $2)", number, name);
        }

        tx.Run("COMMIT");
    }
}
