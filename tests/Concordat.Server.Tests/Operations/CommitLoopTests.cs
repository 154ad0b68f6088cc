using System.Globalization;
using Concordat.Core;
using Concordat.Server.Operations;
using Concordat.Server.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Concordat.Server.Tests.Operations;

public sealed class CommitLoopTests
{
    private static readonly Insert Setting = new("settings", "name text, value text");

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Batch_SomeOperationsFail_OnlyTheyFailAndTheirNeighboursCommit(string engine)
    {
        await using var place = await TestDatabase.OpenAsync(engine);
        await using var loop = new CommitLoop(place.Database, NullLogger<CommitLoop>.Instance);
        var open = Occupy(loop);
        var before = loop.RunAsync(Write("before"));
        var throws = loop.RunAsync(new CraftedOperation(_ => throw new InvalidOperationException("a bug")));
        var breaksKey = loop.RunAsync(new CraftedOperation(async tx =>
        {
            await tx.InsertAsync(Setting, "twice", "1");
            await tx.InsertAsync(Setting, "twice", "2");
            return "never";
        }));
        var badStatement = loop.RunAsync(new CraftedOperation(async tx =>
        {
            await tx.InsertAsync(Setting, "lost", "1");
            await tx.ExecuteAsync("UPDATE no_such_table SET x = 1");
            return "never";
        }));
        var badRead = loop.RunAsync(new CraftedOperation(_ => ValueTask.FromResult<Outcome<string>>("never")) { ExtraRead = "SELECT x FROM no_such_table" });
        var after = loop.RunAsync(Write("after"));
        open.SetResult();

        Assert.Equal(("before", "after"), ((await before).Value, (await after).Value));
        await Assert.ThrowsAsync<InvalidOperationException>(() => throws);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => breaksKey);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => badStatement);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => badRead);
        Assert.Equal(["after", "before"], await NamesAsync(place));
        Assert.Equal("later", (await loop.RunAsync(Write("later"))).Value);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Batch_AfterCommitActionFails_IsAnsweredAsDoneAndNotRepeated(string engine)
    {
        await using var place = await TestDatabase.OpenAsync(engine);
        await using var loop = new CommitLoop(place.Database, NullLogger<CommitLoop>.Instance);
        var open = Occupy(loop);
        var runs = 0;
        var first = loop.RunAsync(new CraftedOperation(async tx =>
        {
            runs++;
            await tx.InsertAsync(Setting, "first", "1");
            tx.AfterCommit(() => throw new InvalidOperationException("a bug"));
            return "first";
        }));
        var second = loop.RunAsync(Write("second"));
        open.SetResult();

        Assert.Equal(("first", "second"), ((await first).Value, (await second).Value));
        Assert.Equal(1, runs);
        Assert.Equal("later", (await loop.RunAsync(Write("later"))).Value);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Commit_AnswerOfTheDatabaseIsLost_IsToldToAllAndDoneOnce(string engine)
    {
        await using var place = await TestDatabase.OpenAsync(engine);
        var database = new FaultyDatabase(place.Database);
        await using var loop = new CommitLoop(database, NullLogger<CommitLoop>.Instance);
        var open = Occupy(loop);
        var first = loop.RunAsync(Write("first"));
        var second = loop.RunAsync(new CraftedOperation(async tx =>
        {
            await tx.InsertAsync(Setting, "second", "1");
            database.CommitIsLost = new TimeoutException();
            return "second";
        }));
        open.SetResult();

        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Assert.ThrowsAsync<TimeoutException>(() => second);
        Assert.Equal(["first", "second"], await NamesAsync(place));
        Assert.Equal("later", (await loop.RunAsync(Write("later"))).Value);
    }

    [Fact]
    public async Task Begin_DatabaseGone_FailsTheWholeBatchAtOnceAndRecovers()
    {
        await using var place = await TestDatabase.OpenAsync("sqlite");
        var database = new FaultyDatabase(place.Database);
        await using var loop = new CommitLoop(database, NullLogger<CommitLoop>.Instance);
        var open = Occupy(loop);
        var batch = Enumerable.Range(0, CommitLoop.BatchSize).Select(i => loop.RunAsync(Write(Name(i)))).ToList();
        database.BeginFails = new TimeoutException();
        open.SetResult();

        foreach (var one in batch)
        {
            await Assert.ThrowsAsync<TimeoutException>(() => one);
        }

        Assert.Equal(2, database.Begun);
        database.BeginFails = null;
        Assert.Equal("later", (await loop.RunAsync(Write("later"))).Value);
    }

    [Fact]
    public async Task Gather_SameKeyAndAlone_NeverShareATransaction()
    {
        await using var place = await TestDatabase.OpenAsync("sqlite");
        var database = new FaultyDatabase(place.Database);
        await using var loop = new CommitLoop(database, NullLogger<CommitLoop>.Instance);
        var open = Occupy(loop);
        var order = new List<(string Name, int Transaction)>();
        CraftedOperation Note(string name, bool alone, params long[] keys) => new(_ =>
        {
            order.Add((name, database.Begun));
            return ValueTask.FromResult<Outcome<string>>(name);
        }, keys)
        { Alone = alone };
        Task<Outcome<string>>[] all =
        [
            loop.RunAsync(Note("a1", false, 1)), loop.RunAsync(Note("a2", false, 1, 2)), loop.RunAsync(Note("b", false, 2)),
            loop.RunAsync(Note("alone", true)), loop.RunAsync(Note("c", false, 3)),
        ];
        open.SetResult();
        await Task.WhenAll(all);

        // b waits behind a2, which holds its key while waiting for a1; c shares nothing and need not wait.
        Assert.Equal([("a1", 2), ("c", 2), ("a2", 3), ("b", 4), ("alone", 5)], order.OrderBy(one => one.Transaction));
    }

    [Fact]
    public async Task Gather_OneHotKey_DoesNotHoldUpOthers()
    {
        await using var place = await TestDatabase.OpenAsync("sqlite");
        var database = new FaultyDatabase(place.Database);
        await using var loop = new CommitLoop(database, NullLogger<CommitLoop>.Instance);
        var open = Occupy(loop);
        var hot = Enumerable.Range(0, 1000).Select(_ => loop.RunAsync(new CraftedOperation(_ => ValueTask.FromResult<Outcome<string>>("hot"), 7))).ToList();
        var transaction = 0;
        var other = loop.RunAsync(new CraftedOperation(_ =>
        {
            transaction = database.Begun;
            return ValueTask.FromResult<Outcome<string>>("other");
        }, 8));
        open.SetResult();
        await Task.WhenAll([.. hot, other]);

        Assert.Equal(2, transaction);
    }

    [Fact]
    public async Task Queue_Full_RefusesAtOnceWithATimeToWait()
    {
        await using var place = await TestDatabase.OpenAsync("sqlite");
        await using var loop = new CommitLoop(place.Database, NullLogger<CommitLoop>.Instance, capacity: 2);
        var started = new TaskCompletionSource();
        var open = Occupy(loop, started);
        await started.Task;
        var accepted = new[] { loop.RunAsync(Write("first")), loop.RunAsync(Write("second")) };

        var refused = (await loop.RunAsync(Write("third"))).Problem!;

        Assert.Equal((ProblemCode.Overloaded, TimeSpan.FromSeconds(1)), (refused.Code, refused.RetryAfter));
        open.SetResult();
        await Task.WhenAll(accepted);
        Assert.Equal(["first", "second"], await NamesAsync(place));
    }

    [Fact]
    public async Task Dispose_OperationsQueued_CarriesThemOutAndTakesNoMore()
    {
        await using var place = await TestDatabase.OpenAsync("sqlite");
        var loop = new CommitLoop(place.Database, NullLogger<CommitLoop>.Instance);
        var open = Occupy(loop);
        var queued = Enumerable.Range(0, 1000).Select(i => loop.RunAsync(Write(Name(i), i % 10))).ToList();
        var disposed = loop.DisposeAsync();
        var late = loop.RunAsync(Write("late"));
        open.SetResult();
        await disposed;

        Assert.All(queued, one => Assert.True(one.IsCompletedSuccessfully));
        Assert.Equal(ProblemCode.Overloaded, (await late).Problem?.Code);
        Assert.Equal(1000, (await NamesAsync(place)).Count);
    }

    /// <summary>Keeps the loop busy until the result is set, so that what comes next gathers into one batch.</summary>
    private static TaskCompletionSource Occupy(CommitLoop loop, TaskCompletionSource? started = null)
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = loop.RunAsync(new CraftedOperation(async _ =>
        {
            started?.SetResult();
            await open.Task;
            return "opened";
        })
        { Alone = true });
        return open;
    }

    private static CraftedOperation Write(string name, params long[] keys) => new(async tx =>
    {
        await tx.InsertAsync(Setting, name, "1");
        return name;
    }, keys);

    private static string Name(int i) => i.ToString(CultureInfo.InvariantCulture);

    private static ValueTask<List<string>> NamesAsync(TestDatabase place) =>
        place.Database.ReadEverythingAsync(tx => tx.ManyAsync("SELECT name FROM settings ORDER BY name", row => row.Text(0)));
}
