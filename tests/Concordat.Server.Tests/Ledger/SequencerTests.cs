using Concordat.Core.Ledger;
using Concordat.Server.Background;
using Concordat.Server.Operations;
using Concordat.Server.Operations.Sequencing;
using Concordat.Server.Storage;
using Npgsql;

namespace Concordat.Server.Tests.Ledger;

public sealed class SequencerTests
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Confirmation_Acknowledged_IsSignedWithinTwoSeconds(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        for (var i = 0; i < 5; i++)
        {
            var customer = await FreshCustomers.AddAsync(server, "never");
            Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation())).Status);
            var written = await StoredRows.LedgerAsync(server.Parts);

            var waited = await Until.TrueAsync(async () => (await LedgerOf.LastAsync(server.Parts))?.Size == written);

            Assert.True(waited < TimeSpan.FromSeconds(2), $"It took {waited}.");
        }

        await LedgerOf.CheckAsync(server.Parts);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Run_TilesOfTwoLevels_AreThoseOfTheDefinition(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await LedgerOf.FillAsync(server.Parts, 66_000);
        await server.Parts.Sequencer.RunAsync();

        var size = await LedgerOf.CheckAsync(server.Parts);

        Assert.Null(server.Parts.Sequencer.Fault);
        Assert.Equal(size, (await LedgerOf.LastAsync(server.Parts))!.Size);
        Assert.NotNull(await server.Parts.Database.ReadSharedAsync(tx => TreeRows.RootOfTileAsync(tx, 1, 0)));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Run_AfterARestart_GoesOn(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await LedgerOf.FillAsync(server.Parts, 700);
        await server.Parts.Sequencer.RunAsync();
        var before = await LedgerOf.LastAsync(server.Parts);
        await server.RestartAsync();
        await LedgerOf.FillAsync(server.Parts, 700);
        await server.Parts.Sequencer.RunAsync();

        Assert.Equal(before!.Size + 700, await LedgerOf.CheckAsync(server.Parts));
        Assert.Equal(before.Note, (await server.Parts.Database.ReadSharedAsync(tx => CheckpointRows.AtAsync(tx, before.Size)))!.Note);
    }

    // On PostgreSQL an entry can become visible behind one with a higher number.
    [Fact]
    public async Task Run_EntryBecomesVisibleLate_IsNotForgotten()
    {
        await using var server = await TestServer.StartAsync("postgres");
        await using var connection = new NpgsqlConnection(server.Parts.Options.Postgres);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var late = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var insert = new NpgsqlCommand("INSERT INTO ledger_entries (entry_id, entry, leaf_hash) VALUES ('\\x01980000000070008000000000000001', '\\x7b7d', sha256('\\x007b7d'))", connection, late);
        await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 4; i++)
        {
            await LedgerOf.FillAsync(server.Parts, 10);
            await server.Parts.Sequencer.RunAsync();
        }

        var before = await LedgerOf.CheckAsync(server.Parts);
        await late.CommitAsync(TestContext.Current.CancellationToken);
        await server.Parts.Sequencer.RunAsync();

        Assert.Equal(before + 1, await LedgerOf.CheckAsync(server.Parts));
        Assert.Equal(before, await server.Parts.Database.ReadSharedAsync(tx => TreeRows.IndexOfAsync(tx, new(Guid.Parse("01980000-0000-7000-8000-000000000001")))));

        // Once it is settled, what lies behind is not looked at again.
        await LedgerOf.FillAsync(server.Parts, 1);
        for (var i = 0; i < 3; i++)
        {
            await server.Parts.Sequencer.RunAsync();
        }

        await LedgerOf.FillAsync(server.Parts, 1);
        await server.Parts.Sequencer.RunAsync();
        var state = await server.Parts.Database.ReadSharedAsync(TreeRows.StateAsync);
        Assert.True(state!.SweptSeq >= await StoredRows.LedgerAsync(server.Parts) - 2, $"Swept up to {state.SweptSeq} of {state.Size}.");
    }

    [Fact]
    public async Task Run_SequencerLosesItsConnection_AnotherNodeGoesOn()
    {
        await using var first = await TestServer.StartAsync("postgres");
        await using var second = await first.JoinAsync();
        for (var i = 0; i < 5; i++)
        {
            await LedgerOf.FillAsync(first.Parts, 20);
            await LedgerOf.FillAsync(second.Parts, 20);
            var written = await StoredRows.LedgerAsync(first.Parts);
            await first.Parts.Database.ReadSharedAsync(tx => tx.ManyAsync(
                "SELECT pg_terminate_backend(pid)::text FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND pid <> pg_backend_pid() AND classid = 1131376239 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                row => row.Text(0)));

            await Until.TrueAsync(async () => (await LedgerOf.LastAsync(first.Parts))?.Size == written);
        }

        Assert.Equal(await StoredRows.LedgerAsync(first.Parts), await LedgerOf.CheckAsync(first.Parts));
        Assert.Null(first.Parts.Sequencer.Fault ?? second.Parts.Sequencer.Fault);
    }

    // A sequencer that slept through its own replacement: nothing of what it does is taken.
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Grow_EpochHasChanged_Nothing(string engine)
    {
        await using var place = await TestDatabase.OpenAsync(engine);
        var old = (await place.Database.ReadSharedAsync(TreeRows.StateAsync))!;
        await place.WriteAsync("UPDATE ledger_state SET epoch = 2 WHERE id = 1");
        var tx = await place.Database.BeginAsync([], PartnerScope.None);

        Assert.Null(await TreeGrowth.AppendAsync(tx, old, new TreeFrontier(), [], 0));
        await place.Database.RollbackAsync(tx);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Run_EntryChangedBeforeSigning_SignsNothingAndNamesIt(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await LedgerOf.FillAsync(server.Parts, 300);
        await server.Parts.Sequencer.RunAsync();
        var signed = await LedgerOf.LastAsync(server.Parts);

        await Tampering.RunAsync(server.Parts, $"UPDATE ledger_entries SET entry = {Tampering.Bytes(engine, "7b7d")} WHERE seq = (SELECT entry_seq FROM ledger_leaves WHERE leaf_index = 290)");
        await LedgerOf.FillAsync(server.Parts, 1);
        await server.Parts.Sequencer.RunAsync();

        Assert.StartsWith("E_TAMPERED: entry 290 of the ledger", server.Parts.Sequencer.Fault, StringComparison.Ordinal);
        Assert.Equal(signed!.Size, (await LedgerOf.LastAsync(server.Parts))!.Size);
        Assert.Equal(200, (await server.SendAsync("GET", "/v1/customers")).Status);
    }

    [Theory]
    [InlineData("UPDATE ledger_tiles SET root = {0} WHERE level = 0 AND number = 0")]
    [InlineData("UPDATE ledger_checkpoints SET root = {0}")]
    [InlineData("UPDATE ledger_checkpoints SET note = replace(note, '=', '+')")]
    [InlineData("DELETE FROM ledger_leaves WHERE leaf_index = 299")]
    [InlineData("UPDATE ledger_leaves SET leaf_hash = {0} WHERE leaf_index = 299")]
    [InlineData("DELETE FROM ledger_keys")]
    public async Task Run_StoredTreeChangedWhileStopped_SignsNothing(string statement)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        await LedgerOf.FillAsync(server.Parts, 300);
        await server.Parts.Sequencer.RunAsync();
        var before = await LedgerOf.LastAsync(server.Parts);
        await Tampering.RunAsync(server.Parts, string.Format(null, statement, Tampering.Bytes("sqlite", new string('a', 64))));
        await server.RestartAsync();
        await server.Parts.Sequencer.RunAsync();

        Assert.NotNull(server.Parts.Sequencer.Fault);
        Assert.Equal(before!.Size, (await LedgerOf.LastAsync(server.Parts))!.Size);
    }

    [Fact]
    public void ClockGuard_ClockMoves_Refuses()
    {
        var wall = new MovableClock();
        var guard = new ClockGuard(wall);
        var start = wall.GetUtcNow();

        Assert.Null(guard.Fault(null));
        Assert.Null(guard.Fault(start));
        Assert.NotNull(guard.Fault(start.AddSeconds(1)));
        wall.Ahead = TimeSpan.FromSeconds(4);
        Assert.Null(guard.Fault(start.AddSeconds(1)));
        wall.Ahead = TimeSpan.FromSeconds(7);
        Assert.Contains("moved by 7 s", guard.Fault(start), StringComparison.Ordinal);
        wall.Ahead = TimeSpan.FromSeconds(-7);
        Assert.Contains("moved by -7 s", guard.Fault(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ClockBehindTheLastSignature_WaitsAndThenSigns()
    {
        var wall = new MovableClock();
        await using var server = await TestServer.StartAsync("sqlite", wall);
        await server.Parts.Sequencer.RunAsync();
        var before = await LedgerOf.LastAsync(server.Parts);
        wall.Ahead = TimeSpan.FromSeconds(-3);
        await LedgerOf.FillAsync(server.Parts, 1);
        await server.Parts.Sequencer.RunAsync();

        Assert.Equal(before!.Size, (await LedgerOf.LastAsync(server.Parts))!.Size);
        Assert.Null(server.Parts.Sequencer.Fault);
        wall.Ahead = TimeSpan.Zero;
        await server.Parts.Sequencer.RunAsync();
        Assert.Equal(before.Size + 1, (await LedgerOf.LastAsync(server.Parts))!.Size);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Run_SecondKey_BothSignUntilTheFirstIsRetired(string engine)
    {
        var wall = new MovableClock();
        await using var server = await TestServer.StartAsync(engine, wall);
        var keys = server.Parts.LedgerKeys;
        await server.Parts.Sequencer.RunAsync();
        Assert.Single(SignedNote.Parse((await LedgerOf.LastAsync(server.Parts))!.Note)!.Signatures);
        var announced = (await server.Parts.Context.Loop.RunAsync(new RotateLedgerKey(server.Parts.Context, keys))).Value;
        Assert.Equal(2, (await LedgerOf.PolicyAsync(server.Parts)).Logs.Count);
        var both = await GrowAsync(server, 2);
        Assert.Equal(2, SignedNote.Parse(both.Note)!.Signatures.Count);
        var entry = await server.Parts.Database.ReadSharedAsync(tx => TreeRows.LeavesAsync(tx, both.Size - 3, both.Size));
        Assert.Contains(entry, leaf => System.Text.Encoding.UTF8.GetString(leaf.Bytes!).Contains($"\"key\":\"{announced}\",\"kind\":\"key.rotated\"", StringComparison.Ordinal));

        // The jump is what a restart after three months looks like; the clock guard counts from the start.
        wall.Ahead = LedgerKeys.Overlap + TimeSpan.FromMinutes(1);
        await server.RestartAsync();
        var last = await GrowAsync(server, 1);
        var after = await GrowAsync(server, 2);

        var policy = await LedgerOf.PolicyAsync(server.Parts);
        Assert.Equal(last.Size, policy.Logs[0].MaxSize);
        Assert.Single(SignedNote.Parse(after.Note)!.Signatures);
        foreach (var checkpoint in (StoredCheckpoint[])[both, last, after])
        {
            Assert.Equal(ReceiptCode.Ok, NoteVerifier.Check(SignedNote.Parse(checkpoint.Note)!, policy));
        }

        Assert.Null((await server.Parts.Database.ReadSharedAsync(LedgerKeyRows.AllAsync))[0].Sealed);
    }

    private static async Task<StoredCheckpoint> GrowAsync(TestServer server, int passes)
    {
        for (var i = 0; i < passes; i++)
        {
            await LedgerOf.FillAsync(server.Parts, 1);
            await server.Parts.Sequencer.RunAsync();
        }

        return (await LedgerOf.LastAsync(server.Parts))!;
    }
}
