using Concordat.Core;
using Concordat.Server.Storage;
using Npgsql;

namespace Concordat.Server.Tests.Storage;

/// <summary>What PostgreSQL itself keeps apart when the program's own conditions are wrong.</summary>
public sealed class RowSecurityTests(Servers servers)
{
    private static readonly PartnerId Mine = TestServer.Partner("aozora").Id;
    private static readonly PartnerId Theirs = TestServer.Partner("harbor").Id;

    public static TheoryData<string> OfPartners => [.. Tables.OfPartners];

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Tables_OfTheSchema_StandInExactlyOneList(string engine)
    {
        await using var place = await TestDatabase.OpenAsync(engine);

        var tables = await place.Database.ReadEverythingAsync(tx => tx.ManyAsync(engine == "postgres"
            ? "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'", row => row.Text(0)));

        Assert.Equal(tables.Order(StringComparer.Ordinal), Tables.OfPartners.Concat(Tables.Shared).Order(StringComparer.Ordinal));
        Assert.Empty(Tables.AppendOnly.Except(tables));
    }

    [Theory]
    [MemberData(nameof(OfPartners))]
    public async Task PartnerTable_FirstColumnOfItsKey_IsThePartner(string table)
    {
        var server = await servers.GetAsync("sqlite");

        var key = await server.Parts.Database.ReadSharedAsync(tx =>
            tx.OneAsync($"SELECT name FROM pragma_table_info('{table}') WHERE pk = 1", row => row.Text(0)));

        Assert.Equal("partner_id", key);
    }

    [Theory]
    [MemberData(nameof(OfPartners))]
    public async Task Read_WholeTable_ShowsOnePartnersRowsAndWithoutAPartnerNone(string table)
    {
        var database = (await servers.GetAsync("postgres")).Parts.Database;
        ValueTask<List<Guid>> OwnersAsync(Tx tx) => tx.ManyAsync($"SELECT DISTINCT partner_id FROM {table}", row => row.Id(0));

        var everybody = await database.ReadEverythingAsync(OwnersAsync);

        foreach (var partner in (PartnerId[])[Mine, Theirs, new PartnerId(Guid.NewGuid())])
        {
            Assert.Equal(everybody.Where(id => id == partner.Value), await database.ReadAsync(partner, OwnersAsync));
        }

        Assert.Empty(await database.ReadSharedAsync(OwnersAsync));
        Assert.Equal(everybody.Where(id => id == Mine.Value || id == Theirs.Value).Order(),
            (await database.ReadAsync(PartnerScope.Of([Mine, Theirs]), OwnersAsync)).Order());
    }

    [Fact]
    public async Task RowFunctions_WithoutTheirOwnConditions_FindNothingOfAnotherPartner()
    {
        var server = await servers.GetAsync("postgres");
        var customer = await FreshCustomers.AddAsync(server, "attested-current", "harbor");
        Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order(), "harbor")).Status);
        async ValueTask<int[]> CountAsync(Tx tx) =>
        [
            await CustomerRows.FindAsync(tx, Mine, customer) is null ? 0 : 1,
            await CustomerRows.FindWithBillingAsync(tx, Mine, customer) is null ? 0 : 1,
            await StandingRows.FindAsync(tx, Mine, customer) is null ? 0 : 1,
            (await FactRows.OfAsync(tx, Mine, customer)).Count,
            (await SubjectRows.OfCustomerAsync(tx, Mine, customer)).Count,
            (await OrderRows.OfCustomerAsync(tx, Mine, customer)).Count,
            (await SubscriptionRows.OfCustomerAsync(tx, Mine, customer)).Count,
        ];
        var unfiltered = 0;
        async ValueTask<int[]> WithoutConditionsAsync(Tx tx)
        {
            var bare = new UnfilteredTx(tx);
            var counts = await CountAsync(bare);
            unfiltered += bare.Changed;
            return counts;
        }

        // Without row-level security's help the forgotten conditions would show: they do where everything is in scope.
        Assert.DoesNotContain(0, await server.Parts.Database.ReadEverythingAsync(WithoutConditionsAsync));
        Assert.All(await server.Parts.Database.ReadEverythingAsync(CountAsync), count => Assert.Equal(0, count));
        Assert.All(await server.Parts.Database.ReadAsync(Mine, WithoutConditionsAsync), count => Assert.Equal(0, count));
        Assert.Equal(14, unfiltered);
    }

    [Fact]
    public async Task Lists_WithoutTheirOwnConditions_AreStillOnePartners()
    {
        var server = await servers.GetAsync("postgres");
        ValueTask<List<StoredStanding>> PageAsync(Tx tx) => StandingRows.PageAsync(tx, Mine, default, 100_000);

        var rows = await server.Parts.Database.ReadAsync(Mine, PageAsync);
        var unfiltered = await server.Parts.Database.ReadAsync(Mine, tx => PageAsync(new UnfilteredTx(tx)));

        Assert.NotEmpty(rows);
        Assert.All(unfiltered, row => Assert.Equal(Mine, row.Id.Partner));
        Assert.True(unfiltered.Count >= rows.Count);
    }

    [Theory]
    [InlineData("INSERT INTO carts (partner_id, customer_id, cart_id, status, expires_at_unix_ms, body) VALUES ($1, $1, $1, '', 0, '')")]
    [InlineData("INSERT INTO people (partner_id, person_id, roles, active) VALUES ($1, $1, 0, 1)")]
    public async Task Insert_AnotherPartnersRow_Fails(string statement)
    {
        await using var place = await TestDatabase.OpenAsync("postgres");
        foreach (var (scope, refused) in ((PartnerScope, bool)[])[(PartnerScope.Of(Mine), true), (PartnerScope.None, true), (PartnerScope.Of(Theirs), false)])
        {
            await TryAsync(place.Database, scope, refused, tx => tx.ExecuteAsync(statement, Theirs.Value));
        }
    }

    [Fact]
    public async Task InsertedRows_OfAPartnerOutsideTheBatch_Fail()
    {
        await using var place = await TestDatabase.OpenAsync("postgres");
        var row = new PersonRow(Theirs, Guid.NewGuid(), 0, true);
        await TryAsync(place.Database, PartnerScope.Of(Mine), refused: true, async tx =>
        {
            await PartnerRows.SaveAsync(tx, row);
            await tx.FlushAsync();
            return 1;
        });
        await TryAsync(place.Database, PartnerScope.Of([Mine, Theirs]), refused: false, async tx =>
        {
            await PartnerRows.SaveAsync(tx, row);
            await tx.FlushAsync();
            return 1;
        });
    }

    [Fact]
    public async Task Update_WholeTable_ReachesOnePartnersRows()
    {
        await using var place = await TestDatabase.OpenAsync("postgres");
        var tx = await place.Database.BeginAsync([], PartnerScope.Of([Mine, Theirs]));
        await PartnerRows.SaveAsync(tx, new PersonRow(Mine, Guid.NewGuid(), 0, true));
        await PartnerRows.SaveAsync(tx, new PersonRow(Theirs, Guid.NewGuid(), 0, true));
        await tx.FlushAsync();

        // Operations of both partners share this transaction; each has its own partner while it is at work.
        tx.Scope = PartnerScope.Of(Mine);
        Assert.Equal(1, await tx.ExecuteAsync("UPDATE people SET roles = 7"));
        Assert.Equal(1, await tx.ExecuteAsync("DELETE FROM people"));
        tx.Scope = PartnerScope.Of(Theirs);
        Assert.Equal(0, await tx.ExecuteAsync("DELETE FROM people WHERE roles = 7"));

        await place.Database.RollbackAsync(tx);
    }

    [Theory]
    [InlineData("UPDATE agreement_facts SET entry_id = entry_id")]
    [InlineData("DELETE FROM ledger_entries")]
    [InlineData("TRUNCATE direct_acceptances")]
    [InlineData("DELETE FROM audit")]
    [InlineData("DELETE FROM schema_versions")]
    [InlineData("ALTER TABLE orders DISABLE ROW LEVEL SECURITY")]
    [InlineData("ALTER TABLE agreement_facts DISABLE TRIGGER USER")]
    public async Task WorkingRole_WhatItMustNotDo_IsDenied(string statement)
    {
        var server = await servers.GetAsync("postgres");

        var error = await Assert.ThrowsAsync<PostgresException>(async () =>
            await server.Parts.Database.ReadEverythingAsync(async tx => await tx.ExecuteAsync(statement)));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
    }

    [Fact]
    public async Task Lookups_UnderThePolicies_UseTheIndexesAsWithoutThem()
    {
        var database = (await servers.GetAsync("postgres")).Parts.Database;
        var (customer, bytes) = (new CustomerId(Guid.NewGuid()), new byte[32]);
        foreach (var read in (PlannedRead[])[
            StandingRows.PlanFind(Mine, customer), FactRows.PlanOf(Mine, customer),
            SubjectRows.PlanOfCustomer(Mine, customer, "signatory"), IdempotencyRows.PlanFind(Mine, bytes)])
        {
            var guarded = await PlanAsync(database, read, asSuperuser: false);
            var open = await PlanAsync(database, read, asSuperuser: true);

            Assert.Contains(guarded, line => line.Contains("current_setting", StringComparison.Ordinal) || line.Contains("InitPlan", StringComparison.Ordinal));
            Assert.DoesNotContain(guarded, line => line.Contains("Seq Scan", StringComparison.Ordinal));
            Assert.Equal(Access(open), Access(guarded));
        }
    }

    private static IEnumerable<string> Access(List<string> plan) => plan.Select(line => line.Trim())
        .Where(line => line.Contains("Index Cond", StringComparison.Ordinal) || line.Contains("Scan using", StringComparison.Ordinal));

    private static async Task<List<string>> PlanAsync(Database database, PlannedRead read, bool asSuperuser)
    {
        var tx = await database.BeginAsync([], PartnerScope.Of(Mine));
        // A test's tables are so small that reading them whole is cheapest.
        await tx.ExecuteAsync("SELECT set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)");
        if (asSuperuser)
        {
            await tx.ExecuteAsync("SELECT set_config('role', 'none', true)");
        }

        var name = "planned_" + Guid.NewGuid().ToString("N");
        await tx.ExecuteAsync($"PREPARE {name} AS {read.Sql}");
        var plan = await tx.ManyAsync($"EXPLAIN (COSTS OFF) EXECUTE {name} ({string.Join(", ", read.Args.Select(_ => "NULL"))})", row => row.Text(0));
        await tx.ExecuteAsync($"DEALLOCATE {name}");
        await database.RollbackAsync(tx);
        return plan;
    }

    private static async Task TryAsync(Database database, PartnerScope scope, bool refused, Func<Tx, ValueTask<int>> write)
    {
        var tx = await database.BeginAsync([], scope);
        try
        {
            Assert.Equal(1, await write(tx));
            Assert.False(refused);
        }
        catch (PostgresException error) when (refused)
        {
            Assert.Contains("row-level security", error.MessageText, StringComparison.Ordinal);
        }
        finally
        {
            await database.RollbackAsync(tx);
        }
    }
}
