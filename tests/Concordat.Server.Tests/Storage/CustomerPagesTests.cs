using Concordat.Core;
using Concordat.Server.Storage;
using Npgsql;

namespace Concordat.Server.Tests.Storage;

/// <summary>A provider with 200,000 customers on PostgreSQL, one reseller with twenty of them and one with half.</summary>
public sealed class CustomerPagesTests
{
    private const int Customers = 200_000;
    private const int Page = 50;

    private static readonly PartnerId Provider = TestServer.Partner("kaede").Id;
    private static readonly PartnerId Few = new(new Guid("6a1b2c3d-0000-4000-8000-00000000f001"));
    private static readonly PartnerId Half = new(new Guid("6a1b2c3d-0000-4000-8000-00000000f002"));

    [Fact]
    public async Task ReadAsync_OneResellerOfAVeryLargeProvider_WalksTheResellersIndex()
    {
        await using var server = await TestServer.StartAsync("postgres");
        await FillAsync(server.Parts.Options.Postgres!);
        var range = CustomerRange.All with { Reseller = Few };
        var database = server.Parts.Database;

        var few = await database.ReadEverythingAsync(tx => CustomerPages.ReadAsync(tx, Provider, range, null, false, Page));
        Assert.Equal(20, few.Count);
        Assert.Equal(few.Select(row => row.CompanyName).Order(StringComparer.Ordinal), few.Select(row => row.CompanyName));
        var seek = new CustomerSeek(CustomerRows.SearchName(few[4].CompanyName), few[4].Id.Value);
        var rest = await database.ReadEverythingAsync(tx => CustomerPages.ReadAsync(tx, Provider, range, seek, false, Page));
        Assert.Equal(few.Skip(5).Select(row => row.Id), rest.Select(row => row.Id));
        var back = await database.ReadEverythingAsync(tx => CustomerPages.ReadAsync(tx, Provider, range, seek, true, Page));
        Assert.Equal(few.Take(4).Reverse().Select(row => row.Id), back.Select(row => row.Id));

        foreach (var order in Enum.GetValues<CustomerOrder>())
        {
            foreach (var backwards in (bool[])[false, true])
            {
                foreach (var reseller in (PartnerId[])[Few, Half])
                {
                    var plan = await ExplainAsync(server.Parts.Options.Postgres!, CustomerPages.Statement(order, ofReseller: true, backwards), reseller, backwards);
                    Assert.Contains(order == CustomerOrder.Name ? "customer_resellers_name" : "customer_resellers_domain", plan, StringComparison.Ordinal);
                    Assert.DoesNotContain("customer_accounts_name", plan, StringComparison.Ordinal);
                    Assert.DoesNotContain("Seq Scan on customer_accounts", plan, StringComparison.Ordinal);
                    Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
                    // What was read is what is shown, not the provider.
                    Assert.All(RowsOf(plan), rows => Assert.InRange(rows, 0, Page));
                }
            }
        }
    }

    private static async Task FillAsync(string connection)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var fill = source.CreateCommand($"""
            INSERT INTO customers (customer_id, domain, name, cloud, direct_version, direct_at_unix_ms, created_at_unix_ms)
            SELECT decode(md5('c' || n), 'hex'), 'c' || n || '.generated.example', 'Generated ' || n, 'public', 0, 0, 0 FROM generate_series(1, {Customers}) n;
            INSERT INTO customer_accounts (partner_id, customer_id, active, company_name, search_name, domain, relationship, commerce_id, etag, created_at_unix_ms)
            SELECT decode('{Provider.Value:N}', 'hex'), decode(md5('c' || n), 'hex'), 1, 'GENERATED ' || md5(n::text), upper('GENERATED ' || md5(n::text)), 'c' || n || '.generated.example',
              'reseller', decode(md5('c' || n), 'hex'), 1, 0 FROM generate_series(1, {Customers}) n;
            INSERT INTO customer_resellers (partner_id, customer_id, reseller_id, search_name, domain)
            SELECT a.partner_id, a.customer_id, decode(CASE WHEN get_byte(a.customer_id, 0) < 128 THEN '{Half.Value:N}' ELSE '00000000000000000000000000000001' END, 'hex'), a.search_name, a.domain
            FROM customer_accounts a WHERE a.domain LIKE '%.generated.example';
            INSERT INTO customer_resellers (partner_id, customer_id, reseller_id, search_name, domain)
            SELECT a.partner_id, a.customer_id, decode('{Few.Value:N}', 'hex'), a.search_name, a.domain
            FROM customer_accounts a WHERE a.domain LIKE '%.generated.example' ORDER BY a.customer_id LIMIT 20;
            ANALYZE;
            """);
        fill.CommandTimeout = 120;
        await fill.ExecuteNonQueryAsync();
    }

    private static async Task<string> ExplainAsync(string connection, string sql, PartnerId reseller, bool backwards)
    {
        var (from, below) = (CustomerRange.All.From, CustomerRange.All.Below);
        await using var source = NpgsqlDataSource.Create(connection);
        await using var explain = source.CreateCommand("EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) " + sql);
        foreach (var value in (object[])[Bytes(Provider.Value), backwards ? below : from, Bytes(Guid.Empty), backwards ? from : below, (long)Page, Bytes(reseller.Value)])
        {
            explain.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        var lines = new List<string>();
        await using var reader = await explain.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }

    private static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    private static IEnumerable<double> RowsOf(string plan) =>
        System.Text.RegularExpressions.Regex.Matches(plan, @"actual rows=([0-9.]+)").Select(match => double.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
}
