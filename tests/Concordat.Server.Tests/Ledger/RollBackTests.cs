using Concordat.Server.Tests.Campaigns;
using Npgsql;

namespace Concordat.Server.Tests.Ledger;

/// <summary>An old backup is put back under a ledger that has published more since.</summary>
public sealed class RollBackTests
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Start_OldBackupRestored_RefusesToAppendUntilTheNewestIsBack(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        for (var round = 0; round < Campaign.Count(quick: 1, full: 20); round++)
        {
            await LedgerOf.FillAsync(server.Parts, 5);
            await server.Parts.Sequencer.RunAsync();
            await server.RestartAsync(place => CopyAsync(place, "old"));
            await LedgerOf.FillAsync(server.Parts, 5);
            await server.Parts.Sequencer.RunAsync();
            var published = await LedgerOf.LastAsync(server.Parts);
            await server.RestartAsync(async place =>
            {
                await CopyAsync(place, "new");
                await RestoreAsync(place, "old");
            });

            await server.Parts.Sequencer.RunAsync();
            Assert.StartsWith("E_ROLLED_BACK: the database ends at checkpoint", server.Parts.Sequencer.Fault, StringComparison.Ordinal);
            Assert.Equal(503, (await server.SendAsync("GET", "/health/ledger")).Status);
            Assert.Equal(503, (await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation($"r{round}@customer.example"))).Status);
            Assert.Equal(200, (await server.SendAsync("GET", $"/v1/customers/{customer}/agreements")).Status);
            await server.RestartAsync(place => RestoreAsync(place, "new"));

            Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation($"r{round}@customer.example"))).Status);
            await server.Parts.Sequencer.RunAsync();
            Assert.Equal(published!.Size + 1, await LedgerOf.CheckAsync(server.Parts));
        }
    }

    private static Task CopyAsync(ServerPlace place, string name)
    {
        if (place.Postgres is { } postgres)
        {
            return AdministerAsync(postgres, $"DROP DATABASE IF EXISTS \"{{0}}_{name}\"", $"CREATE DATABASE \"{{0}}_{name}\" TEMPLATE \"{{0}}\"");
        }

        Move(place.Directory, "", $".{name}");
        return Task.CompletedTask;
    }

    private static Task RestoreAsync(ServerPlace place, string name)
    {
        if (place.Postgres is { } postgres)
        {
            return AdministerAsync(postgres, "DROP DATABASE \"{0}\"", $"CREATE DATABASE \"{{0}}\" TEMPLATE \"{{0}}_{name}\"");
        }

        Move(place.Directory, $".{name}", "");
        return Task.CompletedTask;
    }

    private static void Move(string directory, string from, string to)
    {
        foreach (var part in (string[])["", "-wal", "-shm"])
        {
            var file = Path.Combine(directory, "concordat.db");
            File.Delete(file + part + to);
            if (File.Exists(file + part + from))
            {
                File.Copy(file + part + from, file + part + to);
            }
        }
    }

    private static async Task AdministerAsync(string postgres, params string[] statements)
    {
        var builder = new NpgsqlConnectionStringBuilder(postgres);
        var database = builder.Database;
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgres) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        // A connection that was closed a moment ago may still be there on the other side.
        const string leave = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname IN ('{0}', '{0}_old', '{0}_new')";
        foreach (var statement in statements)
        {
            await Until.TrueAsync(async () =>
            {
                try
                {
                    foreach (var sql in (string[])[leave, statement])
                    {
                        await using var command = new NpgsqlCommand(string.Format(null, sql, database), connection);
                        await command.ExecuteNonQueryAsync();
                    }

                    return true;
                }
                catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.ObjectInUse)
                {
                    return false;
                }
            });
        }
    }
}
