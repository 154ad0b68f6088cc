using System.Diagnostics;
using Concordat.Core;
using Concordat.Server.Tests.Operations;
using Npgsql;

namespace Concordat.Server.Tests.Hosting;

public sealed class HealthTests
{
    private const string Away = "the database does not answer";

    [Fact]
    public async Task Ready_DatabaseGoneAndBack_SaysWhichAndRecovers()
    {
        var (line, server) = await StartAsync();
        await using var first = line;
        await using var second = server;
        using var http = new HttpClient { BaseAddress = new Uri(server.BaseUrl) };
        Assert.Equal((200, "ready"), await AskAsync(http, "ready"));

        line.Cut();
        await Until.TrueAsync(async () => await AskAsync(http, "ready") == (503, Away));
        Assert.Equal((200, "alive"), await AskAsync(http, "live"));

        line.Heal();
        await Until.TrueAsync(async () => await AskAsync(http, "ready") == (200, "ready"));
        Assert.Equal(200, (await server.SendAsync("GET", $"/v1/customers/{TestServer.Customer("never")}")).Status);
    }

    [Fact]
    public async Task Ready_DatabaseHangs_TimesOutWithoutTakingThreadsOrConnections()
    {
        var (line, server) = await StartAsync();
        await using var first = line;
        await using var second = server;
        using var http = new HttpClient { BaseAddress = new Uri(server.BaseUrl) };
        await AskAsync(http, "ready");
        var (threads, connections) = (ThreadPool.ThreadCount, await ConnectionsAsync(server));

        line.Hang();
        var watch = Stopwatch.StartNew();
        var probes = Enumerable.Range(0, 200).Select(_ => AskAsync(http, "ready")).ToList();
        Assert.Equal((200, "alive"), await AskAsync(http, "live"));
        // It answers while the others wait.
        Assert.Contains(probes, probe => !probe.IsCompleted);
        var answers = await Task.WhenAll(probes);
        var took = watch.Elapsed;

        Assert.All(answers, answer => Assert.Equal((503, Away), answer));
        Assert.True(took < TimeSpan.FromSeconds(9), $"It took {took}; the limit is 3 s.");
        Assert.InRange(await ConnectionsAsync(server), 0, connections + 3);
        Assert.InRange(ThreadPool.ThreadCount, 0, threads + 20);
        line.Heal();
        await Until.TrueAsync(async () => await AskAsync(http, "ready") == (200, "ready"));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Ready_TransactionStuck_SaysThatNothingCanBeWritten(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        using var http = new HttpClient { BaseAddress = new Uri(server.BaseUrl) };
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stuck = server.Parts.Context.Loop.RunAsync(new CraftedOperation(async _ =>
        {
            await release.Task;
            return (Outcome<string>)"";
        }));

        await Task.Delay(TimeSpan.FromSeconds(10.2), TestContext.Current.CancellationToken);
        Assert.Equal((503, "nothing can be written: a transaction is stuck"), await AskAsync(http, "ready"));
        Assert.Equal((200, "alive"), await AskAsync(http, "live"));

        release.SetResult();
        Assert.Null((await stuck).Problem);
        await Until.TrueAsync(async () => await AskAsync(http, "ready") == (200, "ready"));
    }

    private static async Task<(Line Line, TestServer Server)> StartAsync()
    {
        var direct = new NpgsqlConnectionStringBuilder(TestServer.NewPostgres("postgres"));
        var line = new Line(direct.Host!, direct.Port);
        var through = new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Host = "127.0.0.1", Port = line.Port };
        return (line, await TestServer.StartAsync("postgres", postgres: through.ConnectionString));
    }

    /// <summary>Counted past the line, which may hang.</summary>
    private static async Task<long> ConnectionsAsync(TestServer server)
    {
        var direct = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("CONCORDAT_TEST_POSTGRES"));
        await using var source = NpgsqlDataSource.Create(direct.ConnectionString);
        await using var count = source.CreateCommand("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = $1");
        count.Parameters.Add(new NpgsqlParameter { Value = new NpgsqlConnectionStringBuilder(server.Parts.Options.Postgres).Database! });
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private static async Task<(int Status, string Text)> AskAsync(HttpClient http, string what)
    {
        using var answer = await http.GetAsync(new Uri($"/health/{what}", UriKind.Relative));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
