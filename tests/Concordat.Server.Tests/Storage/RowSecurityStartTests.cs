using Concordat.Core;
using Concordat.Server.Storage;
using Concordat.Server.Tests.Campaigns;
using Npgsql;

namespace Concordat.Server.Tests.Storage;

/// <summary>A start without working row-level security is refused with one line; THE_ROLE stands for the working role.</summary>
public sealed class RowSecurityStartTests
{
    [Theory]
    [InlineData("ALTER TABLE orders DISABLE ROW LEVEL SECURITY", "orders is without its forced row-level security")]
    [InlineData("ALTER TABLE audit NO FORCE ROW LEVEL SECURITY", "audit is without its forced row-level security")]
    [InlineData("DROP POLICY partner_rows ON carts", "carts is without its forced row-level security")]
    [InlineData("CREATE POLICY everybody ON subjects USING (true)", "subjects is without its forced row-level security")]
    [InlineData("ALTER POLICY partner_rows ON people USING (true)", "people is without its forced row-level security")]
    [InlineData("ALTER TABLE settings OWNER TO THE_ROLE", "owns the table settings")]
    [InlineData("ALTER ROLE THE_ROLE BYPASSRLS", "has BYPASSRLS")]
    [InlineData("ALTER ROLE THE_ROLE SUPERUSER", "is a superuser")]
    [InlineData("GRANT UPDATE ON ledger_entries TO THE_ROLE", "may change the table ledger_entries")]
    public async Task Start_PartnersNotKeptApart_IsRefused(string statement, string complaint)
    {
        await using var place = await TestDatabase.OpenAsync("postgres");
        await place.WriteAsync(statement.Replace("THE_ROLE", RoleOf(place), StringComparison.Ordinal));
        await using var again = place.Another();

        var error = await Assert.ThrowsAsync<UnsafeDatabaseException>(() => again.PrepareAsync(CancellationToken.None));

        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Start_RowSecuritySwitchedOff_EndsWithOneLineAndStatus3UntilItIsMended()
    {
        await using var place = await TestDatabase.OpenAsync("postgres");
        await place.WriteAsync("ALTER TABLE orders DISABLE ROW LEVEL SECURITY");

        var (exitCode, errors) = await ChildServer.RunAsync(place.Options);

        Assert.Equal(3, exitCode);
        Assert.Matches("^The table orders is without[^\n]*\n$", errors);
        await using var mending = new PostgresDatabase(place.Postgres!) { MendsRowSecurity = true };
        await mending.PrepareAsync(CancellationToken.None);
        await using var again = place.Another();
        await again.PrepareAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Start_LoginThatMayNotMakeRoles_AsksForTheRoleAndWorksWithIt()
    {
        await using var place = TestDatabase.NotPrepared("postgres");
        var (name, login) = (NameOf(place), NameOf(place) + "_login");
        await AdministerAsync(place, $"CREATE ROLE {login} LOGIN PASSWORD 'login'", $"CREATE DATABASE {name} OWNER {login}");
        await using var database = new PostgresDatabase(
            new NpgsqlConnectionStringBuilder(place.Postgres) { Username = login, Password = "login" }.ConnectionString);

        var error = await Assert.ThrowsAsync<UnsafeDatabaseException>(() => database.PrepareAsync(CancellationToken.None));

        Assert.Matches($"^PostgreSQL needs the role {RoleOf(place)}[^\n]*$", error.Message);
        await AdministerAsync(place, $"CREATE ROLE {RoleOf(place)} NOLOGIN", $"GRANT {RoleOf(place)} TO {login}");
        await database.PrepareAsync(CancellationToken.None);
        await WorksAsync(database);
    }

    [Fact]
    public async Task Start_LoginThatOwnsNothing_WorksOnAFinishedSchema()
    {
        await using var place = await TestDatabase.OpenAsync("postgres");
        var login = NameOf(place) + "_serve";
        await AdministerAsync(place, $"CREATE ROLE {login} LOGIN PASSWORD 'login'", $"GRANT {RoleOf(place)} TO {login}");
        await using var database = new PostgresDatabase(
            new NpgsqlConnectionStringBuilder(place.Postgres) { Username = login, Password = "login" }.ConnectionString);

        await database.PrepareAsync(CancellationToken.None);

        await WorksAsync(database);
    }

    private static async Task WorksAsync(Database database)
    {
        var partner = new PartnerId(Guid.NewGuid());
        var tx = await database.BeginAsync([1, 2], PartnerScope.Of(partner));
        await PartnerRows.SaveAsync(tx, new PersonRow(partner, Guid.NewGuid(), 0, true));
        await database.CommitAsync(tx);
        Assert.Single(await database.ReadAsync(partner, PartnerRows.PeopleAsync));
        Assert.Empty(await database.ReadAsync(new PartnerId(Guid.NewGuid()), PartnerRows.PeopleAsync));
        Assert.Empty(await database.ReadSharedAsync(PartnerRows.PeopleAsync));
        Assert.Single(await database.ReadEverythingAsync(PartnerRows.PeopleAsync));
    }

    private static string NameOf(TestDatabase place) => new NpgsqlConnectionStringBuilder(place.Postgres).Database!;

    private static string RoleOf(TestDatabase place) => NameOf(place) + "_app";

    private static async Task AdministerAsync(TestDatabase place, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(place.Postgres) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
