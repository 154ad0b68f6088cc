using System.Data.Common;
using System.Diagnostics;
using Concordat.Core;
using Concordat.Server.Operations;
using Concordat.Server.Storage;
using Concordat.Server.Tests.Campaigns;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Concordat.Server.Tests.Operations;

/// <summary>Audit rows of refusals while the database cannot take them, and when the process is killed.</summary>
public sealed class AuditTrailTests
{
    private static readonly PartnerId Partner = TestServer.Partner("aozora").Id;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Refusals_DatabaseTakesNoWrites_AreAnsweredAndWrittenOnceAfterwards(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var ids = Enumerable.Range(0, 40).Select(_ => Guid.NewGuid().ToString("D")).ToList();
        await RefuseAsync(server, Guid.NewGuid().ToString("D"));
        await using (var holder = await HoldWritesAsync(server))
        {
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(ids[..20].Select(id => RefuseAsync(server, id)));
            await Task.Delay(AuditTrail.Gathering * 3, Cancel);
            if (engine == "postgres")
            {
                // The writer waits for the table; its connection breaks in the middle.
                await EndWaitingAsync(server.Parts.Options.Postgres!);
            }

            await Task.WhenAll(ids[20..].Select(id => RefuseAsync(server, id)));
            // Far less than the writer waits for: nobody who was refused waited with it.
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"It took {watch.Elapsed}.");
            Assert.InRange(server.Parts.Audits.Waiting, ids.Count, ids.Count + 1);
        }

        await Until.TrueAsync(() => server.Parts.Audits.Waiting == 0);
        foreach (var id in ids)
        {
            var rows = await server.Parts.Database.ReadEverythingAsync(tx => AuditRows.OfRequestAsync(tx, Partner, id));
            Assert.Equal("failed", Assert.Single(rows).Status);
        }
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Flush_CommitHappenedButWasNotHeardOf_WritesEachRowOnce(string engine)
    {
        await using var place = await TestDatabase.OpenAsync(engine);
        var faulty = new FaultyDatabase(place.Database) { CommitIsLost = new IOException("lost on the way") };
        await using var loop = new CommitLoop(faulty, NullLogger<CommitLoop>.Instance);
        await using var trail = new AuditTrail(loop, TimeProvider.System);
        var ids = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid().ToString("D")).ToList();
        Assert.All(ids, id => Assert.True(trail.TryAdd(Row(id))));

        await Until.TrueAsync(() => trail.Waiting == 0);

        Assert.True(faulty.Begun >= 2);
        foreach (var id in ids)
        {
            Assert.Single(await place.Database.ReadEverythingAsync(tx => AuditRows.OfRequestAsync(tx, Partner, id)));
        }
    }

    [Fact]
    public async Task TryAdd_DatabaseStaysAway_TakesABoundedNumberAndTheEndDoesNotWait()
    {
        await using var place = await TestDatabase.OpenAsync("sqlite");
        var faulty = new FaultyDatabase(place.Database) { BeginFails = new IOException("no space left on device") };
        await using var loop = new CommitLoop(faulty, NullLogger<CommitLoop>.Instance);
        var trail = new AuditTrail(loop, TimeProvider.System);
        var row = Row("one");
        for (var i = 0; i < AuditTrail.MostWaiting; i++)
        {
            Assert.True(trail.TryAdd(row));
        }

        Assert.False(trail.TryAdd(row));
        await Until.TrueAsync(() => faulty.Begun > 0);
        Assert.False(trail.TryAdd(row));
        await trail.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5), Cancel);
        Assert.Equal(AuditTrail.MostWaiting, trail.Waiting);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Kill_RefusalsUnderWay_ThoseOlderThanASecondAreDurable(string engine)
    {
        await using var place = TestDatabase.NotPrepared(engine);
        await using var server = new ChildServer(place.Options);
        await server.StartAsync();
        using var http = new HttpClient { BaseAddress = server.BaseUrl };
        var answered = new List<(string Id, long At)>();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(2.5);)
        {
            var id = Guid.NewGuid().ToString("D");
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/customers/{TestServer.Customer("never")}/orders");
            request.Headers.Authorization = new("Bearer", server.Token);
            request.Headers.Add("MS-RequestId", id);
            request.Content = new StringContent(TestServer.Order(), System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.SendAsync(request, Cancel);
            Assert.Equal(403, (int)answer.StatusCode);
            answered.Add((id, Stopwatch.GetTimestamp()));
        }

        var old = answered.Where(one => Stopwatch.GetElapsedTime(one.At) > TimeSpan.FromSeconds(1)).ToList();
        await server.KillAsync();

        Assert.NotEmpty(old);
        await using var parts = await Outcomes.OpenAsync(place);
        foreach (var (id, _) in old)
        {
            Assert.Single(await parts.Database.ReadEverythingAsync(tx => AuditRows.OfRequestAsync(tx, Partner, id)));
        }
    }

    private static async Task RefuseAsync(TestServer server, string id)
    {
        var refused = await server.SendAsync(
            "POST", $"/v1/customers/{TestServer.Customer("never")}/orders", TestServer.Order(), headers: ("MS-RequestId", id));
        Assert.Equal((403, 13605), (refused.Status, refused.Code));
    }

    /// <summary>A connection of somebody else that keeps the server from writing audit rows until it is disposed of.</summary>
    private static async Task<DbConnection> HoldWritesAsync(TestServer server)
    {
        var options = server.Parts.Options;
        DbConnection connection = options.Postgres is { } postgres
            ? new NpgsqlConnection(postgres + ";Pooling=false")
            : new SqliteConnection($"Data Source={Path.Combine(options.DataDirectory, "concordat.db")};Pooling=false");
        await connection.OpenAsync(Cancel);
        foreach (var statement in options.Postgres is null ? (string[])["BEGIN IMMEDIATE"] : ["BEGIN", "LOCK TABLE audit IN SHARE MODE"])
        {
            await using var command = connection.CreateCommand();
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync(Cancel);
        }

        return connection;
    }

    private static async Task EndWaitingAsync(string postgres)
    {
        await using var source = NpgsqlDataSource.Create(postgres);
        await using var end = source.CreateCommand(
            "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        Assert.Equal(1L, await end.ExecuteScalarAsync(Cancel));
    }

    private static AuditRow Row(string request) => new(
        Partner, Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, null, "place_order", "failed", request, Guid.Empty, Guid.Empty, null, null, null);
}
