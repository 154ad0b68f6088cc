using System.Data.Common;
using System.Globalization;
using Concordat.Server.Storage;
using Concordat.Server.Tests.Background.Mails;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Concordat.Server.Tests.Storage;

/// <summary>
/// A database of the first schema, with orders and with notices that wait, is taken over by the scripts that came later. Its
/// rows are this program's own, put into tables of the first schema: what an older program sealed otherwise, this cannot show.
/// </summary>
[Collection(TestMailServer.Collection)]
public sealed class SchemaUpgradeTests
{
    private const string Newer = "newer";

    /// <summary>What has to be the same before and after; the first schema has less, the scripts make the rest of it.</summary>
    private static readonly string[] Kept =
    [
        "SELECT partner_id, customer_id, attested_at_unix_ms, attested_version, flags, facts, entry_id FROM standings ORDER BY 1, 2",
        "SELECT partner_id, customer_id, fact_no, fact_id, subject_id, entry_id, method FROM agreement_facts ORDER BY 1, 2, 3",
        "SELECT partner_id, customer_id, order_id, created_at_unix_ms, entry_id, etag, body FROM orders ORDER BY 1, 2, 3",
        "SELECT partner_id, customer_id, subscription_id, order_id, parent_id, renews_at_unix_ms, etag, body FROM subscriptions ORDER BY 1, 2, 3",
        "SELECT partner_id, key_hash, body_hash, result, created_at_unix_ms FROM idempotency ORDER BY 1, 2",
        "SELECT partner_id, customer_id, reseller_id, search_name, domain FROM customer_resellers ORDER BY 1, 2, 3",
        "SELECT partner_id, outbox_id, kind, customer_id, reference_id, subject_id, entry_id, due_at_unix_ms, created_at_unix_ms, turn, tries FROM outbox WHERE state = 'due' ORDER BY 1, 2",
    ];

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Start_DatabaseOfTheFirstSchema_KeepsItsRowsAndSendsItsNotices(string engine)
    {
        await using var mail = await TestMailServer.StartAsync();
        await mail.StopAsync();
        await using var server = await Posting.StartAsync(engine, mail);
        var (first, _) = await Posting.ConfirmAsync(server, "first@customer.example");
        var (second, _) = await Posting.ConfirmAsync(server, "second@customer.example", partner: "kaede");
        Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{first}/orders", TestServer.Order(), headers: ("MS-RequestId", Guid.NewGuid().ToString()))).Status);
        var before = await RowsAsync(server);
        Assert.All(before, Assert.NotEmpty);
        Assert.Equal(2, before[^1].Count);

        await server.RestartAsync(MakeFirstAsync);

        Assert.Equal(before, await RowsAsync(server));
        await mail.ReturnAsync();
        await Until.TrueAsync(async () => await Posting.CountAsync(server, OutboxRow.StateSent) == 2);
        Assert.Equal(["first@customer.example", "second@customer.example"], mail.Mails.Select(one => one.To).Order(StringComparer.Ordinal));
        var agreements = await server.SendAsync("GET", $"/v1/customers/{first}/agreements?agreementType=MicrosoftCustomerAgreement");
        Assert.Equal(200, agreements.Status);
        Assert.Contains("first@customer.example", agreements.Body, StringComparison.Ordinal);
        Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{first}/orders", TestServer.Order(), headers: ("MS-RequestId", Guid.NewGuid().ToString()))).Status);
        Assert.Equal(200, (await server.SendAsync("GET", $"/v1/customers/{second}/agreements", partner: "kaede")).Status);
        var (third, _) = await Posting.ConfirmAsync(server, "third@customer.example");
        await Until.TrueAsync(async () => (await Posting.RowsAsync(server, third))[0].State == OutboxRow.StateSent);
        await Invariants.CheckAsync(server.Parts);
    }

    private static Task<List<List<string>>> RowsAsync(TestServer server) => server.Parts.Database.ReadEverythingAsync(async tx =>
    {
        var rows = new List<List<string>>();
        foreach (var query in Kept)
        {
            rows.Add(await tx.ManyAsync(query, row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => Text(row, i)))));
        }

        return rows;
    }).AsTask();

    private static string Text(DbDataReader row, int column) => row.IsDBNull(column) ? "" : row.GetValue(column) switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>Puts a database of the first schema in the place of the server's own, with as much of it as that can hold.</summary>
    private static async Task MakeFirstAsync(ServerPlace place)
    {
        foreach (var file in new DirectoryInfo(place.Directory).GetFiles())
        {
            if (file.Name.StartsWith("concordat.db", StringComparison.Ordinal))
            {
                file.MoveTo(Path.Combine(place.Directory, file.Name.Replace("concordat", Newer, StringComparison.Ordinal)));
            }
            else if (file.Name != "master.key")
            {
                // What the ledger keeps beside the database came later too.
                file.Delete();
            }
        }

        var postgres = place.Postgres is not null;
        await using DbConnection connection = postgres
            ? new NpgsqlConnection(place.Postgres)
            : new SqliteConnection($"Data Source={Path.Combine(place.Directory, "concordat.db")};Pooling=false");
        await connection.OpenAsync();
        await RunAsync(connection, postgres
            ? $"SELECT set_config('concordat.partners', '*', false); ALTER SCHEMA public RENAME TO {Newer}; CREATE SCHEMA public"
            : $"ATTACH '{Path.Combine(place.Directory, Newer)}.db' AS {Newer}");
        var script = SchemaScripts.For(postgres ? "postgres" : "sqlite")[0];
        await RunAsync(connection, script.Sql);
        await CopyAsync(connection, postgres);
        await RunAsync(connection, $"""
            CREATE TABLE schema_versions (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL);
            INSERT INTO schema_versions VALUES (1, '{script.Name}');
            """);
        if (postgres)
        {
            await RunAsync(connection, $"SELECT setval(pg_get_serial_sequence('ledger_entries', 'seq'), (SELECT max(seq) FROM ledger_entries)); DROP SCHEMA {Newer} CASCADE");
        }
    }

    private static async Task CopyAsync(DbConnection connection, bool postgres)
    {
        string[] asTheyAre =
        [
            "settings", "customers", "direct_acceptances", "partners", "people", "customer_accounts", "customer_resellers", "subjects",
            "agreement_facts", "standings", "carts", "orders", "subscriptions", "migrations", "audit", "idempotency",
        ];
        foreach (var table in asTheyAre)
        {
            var columns = string.Join(", ", await ColumnsAsync(connection, postgres, table));
            await RunAsync(connection, $"INSERT INTO {table} ({columns}) SELECT {columns} FROM {Newer}.{table}");
        }

        // Without what belongs to attestations, which the first schema does not have.
        const string known = "(SELECT entry_id FROM agreement_facts UNION SELECT entry_id FROM direct_acceptances)";
        await RunAsync(connection, $"""
            INSERT INTO ledger_entries (seq, entry_id, entry, leaf_hash) {(postgres ? "OVERRIDING SYSTEM VALUE" : "")}
            SELECT row_number() OVER (ORDER BY seq), entry_id, entry, leaf_hash FROM {Newer}.ledger_entries WHERE entry_id IN {known};
            INSERT INTO disclosures (partner_id, entry_id, customer_id, subject_id, sealed)
            SELECT partner_id, entry_id, customer_id, subject_id, sealed FROM {Newer}.disclosures WHERE entry_id IN {known};
            INSERT INTO outbox (partner_id, outbox_id, kind, customer_id, fact_no, due_at_unix_ms, created_at_unix_ms)
            SELECT o.partner_id, o.outbox_id, o.kind, o.customer_id, f.fact_no, o.due_at_unix_ms, o.created_at_unix_ms FROM {Newer}.outbox o
            JOIN {Newer}.agreement_facts f ON f.partner_id = o.partner_id AND f.customer_id = o.customer_id AND f.fact_id = o.reference_id
            WHERE o.state = 'due' AND o.kind = 'notice';
            """);
    }

    private static async Task<List<string>> ColumnsAsync(DbConnection connection, bool postgres, string table)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = postgres
            ? $"SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
            : $"SELECT name FROM pragma_table_info('{table}')";
        await using var reader = await command.ExecuteReaderAsync();
        var columns = new List<string>();
        while (await reader.ReadAsync())
        {
            columns.Add(reader.GetString(0));
        }

        return columns;
    }

    private static async Task RunAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
