using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests;

/// <summary>A database of its own on the named engine, with the schema and nothing in it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(string engine, string directory, string? postgres)
    {
        (Engine, Directory, Postgres) = (engine, directory, postgres);
        Database = Another();
    }

    public string Engine { get; }

    public string Directory { get; }

    public string? Postgres { get; }

    public Database Database { get; }

    /// <summary>How a server would be started on it.</summary>
    public ServerOptions Options => new("sandbox", 0, Directory, Postgres, Fresh: false);

    public static async Task<TestDatabase> OpenAsync(string engine)
    {
        var made = NotPrepared(engine);
        await made.Database.PrepareAsync(CancellationToken.None);
        return made;
    }

    public static TestDatabase NotPrepared(string engine) =>
        new(engine, System.IO.Directory.CreateTempSubdirectory("concordat-test-").FullName, TestServer.NewPostgres(engine));

    /// <summary>A second instance on the same place, as another process would open it; the caller disposes of it.</summary>
    public Database Another() => Postgres is { } connection
        ? new PostgresDatabase(connection)
        : new SqliteDatabase(Path.Combine(Directory, "concordat.db"));

    /// <summary>Runs statements in a transaction of their own, as the owner of the tables.</summary>
    public async Task WriteAsync(params string[] statements)
    {
        var tx = await Database.BeginAsync([], PartnerScope.Everything);
        try
        {
            if (Postgres is not null)
            {
                await tx.ExecuteAsync("SELECT set_config('role', 'none', true)");
            }

            foreach (var statement in statements)
            {
                await tx.ExecuteAsync(statement);
            }

            await tx.FlushAsync();
            await Database.CommitAsync(tx);
        }
        catch
        {
            await Database.RollbackAsync(tx);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
