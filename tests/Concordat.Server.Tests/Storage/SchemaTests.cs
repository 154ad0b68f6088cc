using System.Data.Common;
using Concordat.Server.Storage;
using Concordat.Server.Tests.Campaigns;
using Microsoft.Data.Sqlite;

namespace Concordat.Server.Tests.Storage;

public sealed class SchemaTests
{
    public static TheoryData<string, string> AppendOnly
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (table, column) in ((string, string)[])[("agreement_facts", "entry_id"), ("direct_acceptances", "entry_id"),
                ("ledger_entries", "entry_id"), ("ledger_leaves", "entry_id"), ("ledger_tiles", "root"), ("ledger_checkpoints", "root")])
            {
                data.Add("sqlite", $"UPDATE {table} SET {column} = {column}");
                data.Add("sqlite", $"DELETE FROM {table}");
                data.Add("postgres", $"UPDATE {table} SET {column} = {column}");
                data.Add("postgres", $"DELETE FROM {table}");
                data.Add("postgres", $"TRUNCATE {table}");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AppendOnly))]
    public async Task AppendOnlyTable_ChangedInPlace_IsRefusedByTheDatabase(string engine, string statement)
    {
        await using var server = await TestServer.StartAsync(engine);
        await LedgerOf.FillAsync(server.Parts, Core.Ledger.Tile.Full);
        await server.Parts.Sequencer.RunAsync();
        await server.Parts.Context.Loop.DisposeAsync();
        var tx = await server.Parts.Database.BeginAsync([], PartnerScope.Everything);
        if (engine == "postgres")
        {
            await tx.ExecuteAsync("SELECT set_config('role', 'none', true)");
        }

        var error = await Assert.ThrowsAnyAsync<DbException>(async () => await tx.ExecuteAsync(statement));

        Assert.Contains("is append-only", error.Message, StringComparison.Ordinal);
        await server.Parts.Database.RollbackAsync(tx);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Prepare_Again_ChangesNothing(string engine)
    {
        await using var place = await TestDatabase.OpenAsync(engine);
        await place.WriteAsync("INSERT INTO settings (name, value) VALUES ('kept', '1')");
        await place.Database.DisposeAsync();
        await using var again = place.Another();

        await again.PrepareAsync(CancellationToken.None);

        Assert.Equal("1", await again.ReadEverythingAsync(tx => SettingRows.FindAsync(tx, "kept")));
        Assert.Equal(SchemaScripts.For(engine).Count, (await again.ReadEverythingAsync(tx => tx.ManyAsync("SELECT number FROM schema_versions", row => row.Long(0)))).Count);
    }

    [Fact]
    public async Task Prepare_SqliteWithOrdersKeptByKey_KeepsEveryRowAndIndex()
    {
        await using var place = TestDatabase.NotPrepared("sqlite");
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(place.Directory, "concordat.db")};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            var older = SchemaScripts.For("sqlite").Where(script => script.Number < 9).Select(script =>
                $"{script.Sql}\nINSERT INTO schema_versions VALUES ({script.Number}, '{script.Name}');\n");
            command.CommandText = "CREATE TABLE schema_versions (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL);" + string.Concat(older) + """
                INSERT INTO orders VALUES (x'02', x'03', x'04', 5, x'06', 7, 'order');
                INSERT INTO subscriptions VALUES (x'02', x'03', x'04', x'05', NULL, 6, 7, 'subscription');
                INSERT INTO idempotency VALUES (x'02', x'03', x'04', 'result', 5);
                """;
            command.ExecuteNonQuery();
        }

        await place.Database.PrepareAsync(CancellationToken.None);

        Assert.Equal(
            ["2/3/4/5/6/7/order", "2/3/4/5//6/7/subscription", "2/3/4/result/5", "idempotency_created", "subscriptions_renewal"],
            await place.Database.ReadEverythingAsync(tx => tx.ManyAsync("""
                SELECT ltrim(hex(partner_id), '0') || '/' || ltrim(hex(customer_id), '0') || '/' || ltrim(hex(order_id), '0') || '/' || created_at_unix_ms || '/' || ltrim(hex(entry_id), '0') || '/' || etag || '/' || body FROM orders
                UNION ALL SELECT ltrim(hex(partner_id), '0') || '/' || ltrim(hex(customer_id), '0') || '/' || ltrim(hex(subscription_id), '0') || '/' || ltrim(hex(order_id), '0') || '/' || coalesce(parent_id, '') || '/' || renews_at_unix_ms || '/' || etag || '/' || body FROM subscriptions
                UNION ALL SELECT ltrim(hex(partner_id), '0') || '/' || ltrim(hex(key_hash), '0') || '/' || ltrim(hex(body_hash), '0') || '/' || result || '/' || created_at_unix_ms FROM idempotency
                UNION ALL SELECT * FROM (SELECT name FROM sqlite_schema WHERE name IN ('subscriptions_renewal', 'idempotency_created') ORDER BY name)
                """, row => row.Text(0))));
    }

    [Fact]
    public async Task Prepare_ManyNodesAtOnceWithoutADatabase_MakesItOnce()
    {
        await using var place = TestDatabase.NotPrepared("postgres");
        var nodes = Enumerable.Range(0, 6).Select(_ => place.Another()).ToList();

        await Task.WhenAll(nodes.Select(node => Task.Run(() => node.PrepareAsync(CancellationToken.None))));

        foreach (var node in nodes)
        {
            Assert.Null(await node.ReadEverythingAsync(tx => SettingRows.FindAsync(tx, "anything")));
            await node.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Start_NewerSchema_IsRefusedWithOneLineAndStatus3(string engine)
    {
        await using var place = await TestDatabase.OpenAsync(engine);
        await place.WriteAsync("INSERT INTO schema_versions (number, name) VALUES (9999, 'from the future')");
        await place.Database.DisposeAsync();

        var (exitCode, errors) = await ChildServer.RunAsync(place.Options);

        Assert.Equal(3, exitCode);
        Assert.Matches("^The database has schema 9999; this program knows [0-9]+[^\n]*\n$", errors);
    }

    [Fact]
    public async Task Start_SecondProcessOnTheSameDirectory_IsRefusedWithOneLineAndStatus3()
    {
        await using var place = await TestDatabase.OpenAsync("sqlite");

        var (exitCode, errors) = await ChildServer.RunAsync(place.Options);

        Assert.Equal(3, exitCode);
        Assert.Matches("^[^\n]*is in use by another process[^\n]*\n$", errors);
    }

    [Fact]
    public async Task Start_PostgresWithoutSynchronousCommit_IsRefusedWithOneLineAndStatus3()
    {
        await using var place = await TestDatabase.OpenAsync("postgres");
        var name = new Npgsql.NpgsqlConnectionStringBuilder(place.Postgres).Database;
        await place.WriteAsync($"ALTER DATABASE {name} SET synchronous_commit = off");

        var (exitCode, errors) = await ChildServer.RunAsync(place.Options);

        Assert.Equal(3, exitCode);
        Assert.Matches("^PostgreSQL runs with synchronous_commit=off[^\n]*\n$", errors);
    }

    [Fact]
    public async Task Begin_LockHeldTooLongByAnotherNode_FailsAndTheNextOneWorks()
    {
        await using var place = await TestDatabase.OpenAsync("postgres");
        await using var impatient = new PostgresDatabase(place.Postgres + ";Command Timeout=1");
        await impatient.PrepareAsync(CancellationToken.None);
        var holder = await place.Database.BeginAsync([42], PartnerScope.Everything);

        await Assert.ThrowsAnyAsync<DbException>(async () => await impatient.BeginAsync([42], PartnerScope.Everything));

        await place.Database.RollbackAsync(holder);
        await impatient.RollbackAsync(await impatient.BeginAsync([42], PartnerScope.Everything));
    }
}
