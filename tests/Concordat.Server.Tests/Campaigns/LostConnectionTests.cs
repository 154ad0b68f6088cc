using Npgsql;

namespace Concordat.Server.Tests.Campaigns;

/// <summary>PostgreSQL ends every connection of the service while it works, as a fail-over does.</summary>
public sealed class LostConnectionTests
{
    [Fact]
    public async Task Database_EndsAllConnectionsUnderLoad_AnswersAre503AndTheServiceRecovers()
    {
        await using var server = await TestServer.StartAsync("postgres");
        var customers = await Customers.AddAsync(server.Parts, 2000);
        using var load = new Load(new Uri(server.BaseUrl), customers) { Token = server.Token("aozora", "admin") };

        await load.RunAsync(until: EndConnectionsAsync(server.Parts.Options.Postgres!, times: Campaign.Count(10, 100)));

        // The service is on its feet again without anybody's help: every unknown outcome resolves at once.
        var unknown = load.All.Count(sent => sent.Status is null);
        Assert.InRange(unknown, 1, load.All.Count / 2);
        Assert.All(load.All.Where(sent => sent.Status is null), sent => Assert.Equal("5", sent.RetryAfter));
        await load.ResolveAsync();
        await Outcomes.CheckAsync(server.Parts, load, customers);
    }

    private static async Task EndConnectionsAsync(string connectionString, int times)
    {
        var mine = new NpgsqlConnectionStringBuilder(connectionString);
        var victim = mine.Database!;
        mine.Database = "postgres";
        await using var source = NpgsqlDataSource.Create(mine.ConnectionString);
        await using var end = source.CreateCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1");
        end.Parameters.Add(new NpgsqlParameter { Value = victim });
        for (var i = 0; i < times; i++)
        {
            await Task.Delay(150);
            await end.ExecuteNonQueryAsync();
        }

        await Task.Delay(500);
    }
}
