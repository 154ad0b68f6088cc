using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Operations;
using Concordat.Server.Storage;
using Concordat.Server.Tests.Operations;

namespace Concordat.Server.Tests.Background;

/// <summary>The cache of one node while another changes the same customer.</summary>
public sealed class StandingFeedTests
{
    [Fact]
    public async Task Follow_OwnCommitReachesTheCacheLate_TheOtherNodesNewerStandingStays()
    {
        await using var late = await (await TestServer.StartAsync("postgres")).LoadedAsync();
        await using var other = await (await late.JoinAsync()).LoadedAsync();
        var customer = TestServer.Customer("never");
        using var release = new ManualResetEventSlim();
        var refused = RefuseAsync(late, customer, release, out var committed);

        // Durable, but the cache does not know it yet; the other node goes on from there.
        await committed;
        var confirmed = await other.SendAsync("POST", $"/v1/customers/{customer}/agreements", other.Confirmation());
        // Long enough for a feed that would take what it read at once; none that waits takes it.
        await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        release.Set();
        Assert.Null((await refused).Problem);

        Assert.Equal(201, confirmed.Status);
        var stored = await late.Parts.Database.ReadEverythingAsync(tx => StandingRows.FindAsync(tx, TestServer.Partner("aozora").Id, customer));
        Assert.True(stored!.Standing.Attested);
        await Until.TrueAsync(() => Cached(late, customer) == stored.Standing);
        await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        Assert.Equal(stored.Standing, Cached(late, customer));
        await Invariants.CheckAsync(late.Parts);
    }

    [Fact]
    public async Task Reload_OwnCommitReachesTheCacheLate_TheOtherNodesNewerStandingStays()
    {
        await using var late = await (await TestServer.StartAsync("postgres")).LoadedAsync();
        await using var other = await (await late.JoinAsync()).LoadedAsync();
        var customer = TestServer.Customer("never");
        using var release = new ManualResetEventSlim();
        var refused = RefuseAsync(late, customer, release, out var committed);

        await committed;
        await other.SendAsync("POST", $"/v1/customers/{customer}/agreements", other.Confirmation());
        var reloaded = late.Parts.Feed.ReloadAsync(TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        Assert.False(reloaded.IsCompleted);
        release.Set();
        Assert.Null((await refused).Problem);
        await reloaded;

        var stored = await late.Parts.Database.ReadEverythingAsync(tx => StandingRows.FindAsync(tx, TestServer.Partner("aozora").Id, customer));
        Assert.Equal(stored!.Standing, Cached(late, customer));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Follow_TransactionRolledBack_TheFeedIsHeardAgain(string engine)
    {
        await using var server = await (await TestServer.StartAsync(engine)).LoadedAsync();
        var (partner, customer) = (TestServer.Partner("aozora").Id, TestServer.Customer("never"));
        var standings = server.Parts.Context.Standings;
        var failing = server.Parts.Context.Loop.RunAsync(new CraftedOperation(tx =>
        {
            standings.Follow(tx, partner, customer, Standing.None with { AttestedUnixMs = 1 });
            standings.Ask(partner, customer);
            Assert.False(standings.TryAnswer(partner, customer, null));
            throw new InvalidOperationException("rolled back");
        }, LockKeys.Of(partner, customer)));

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        standings.Ask(partner, customer);
        Assert.True(standings.TryAnswer(partner, customer, new KnownStanding(Standing.None, true)));
        Assert.Equal(Standing.None, Cached(server, customer));
    }

    /// <summary>Records a refusal on that node; between its commit and the cache it waits for <paramref name="release"/>.</summary>
    private static Task<Outcome<string>> RefuseAsync(TestServer server, CustomerId customer, ManualResetEventSlim release, out Task committed)
    {
        var partner = server.Parts.Directory.Find(TestServer.Partner("aozora").Id)!;
        var refusal = new RecordRefusal(server.Parts.Context, new Actor(partner, Guid.Empty, Guid.Empty, null, "test"), customer);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        committed = done.Task;
        return server.Parts.Context.Loop.RunAsync(new CraftedOperation(async tx =>
        {
            tx.AfterCommit(() =>
            {
                done.SetResult();
                release.Wait();
            });
            await refusal.RunAsync(tx);
            return "";
        }, [.. refusal.Keys]));
    }

    private static Standing? Cached(TestServer server, CustomerId customer) =>
        server.Parts.Context.Standings.TryGet(TestServer.Partner("aozora").Id, customer, out var known) ? known.Standing : null;
}
