using System.Globalization;
using Concordat.Core.Ledger;
using Concordat.Server.Operations.Sequencing;

namespace Concordat.Server.Tests.Ledger;

/// <summary>What an owner of the database can do to a ledger is found, and the place named; nothing is found where nothing was done.</summary>
public sealed class TamperTests
{
    private const string Sound = "nothing was done";

    // Statement (with {0} and {1} as two literals of 32 bytes) and what the finding must name.
    public static TheoryData<string, string, string> Deeds
    {
        get
        {
            (string Deed, string Place)[] deeds =
            [
                ("UPDATE ledger_entries SET entry = {0} WHERE seq = (SELECT entry_seq FROM ledger_leaves WHERE leaf_index = 123)", "entry 123 ("),
                ("UPDATE ledger_entries SET leaf_hash = {0} WHERE seq = (SELECT entry_seq FROM ledger_leaves WHERE leaf_index = 5)", "entry 5 ("),
                ("UPDATE ledger_leaves SET leaf_hash = {0} WHERE leaf_index = 700", "entry 700 ("),
                ("DELETE FROM ledger_entries WHERE seq = (SELECT entry_seq FROM ledger_leaves WHERE leaf_index = 300)", "entry 300 ("),
                ("DELETE FROM ledger_leaves WHERE leaf_index = 300", "leaf 300"),
                ("DELETE FROM ledger_leaves WHERE leaf_index >= 650", "checkpoint"),
                ("UPDATE ledger_leaves SET leaf_index = CASE leaf_index WHEN 10 THEN -1 ELSE 10 END WHERE leaf_index IN (10, 11); UPDATE ledger_leaves SET leaf_index = 11 WHERE leaf_index = -1", "tile/0/000 is not the tile of its entries, from hash 10 on"),
                ("UPDATE ledger_leaves SET leaf_index = CASE leaf_index WHEN 640 THEN -1 ELSE 640 END WHERE leaf_index IN (640, 641); UPDATE ledger_leaves SET leaf_index = 641 WHERE leaf_index = -1", "something from entry"),
                ("UPDATE ledger_tiles SET hashes = {0} WHERE level = 0 AND number = 1", "tile/0/001"),
                ("UPDATE ledger_tiles SET root = {0} WHERE level = 0 AND number = 1", "tile/0/001"),
                ("DELETE FROM ledger_tiles WHERE level = 0 AND number = 1", "tile/0/001"),
                ("INSERT INTO ledger_tiles (level, number, root, hashes) VALUES (0, 2000, {0}, {0})", "tile/0/x002/000 is beyond"),
                ("UPDATE ledger_checkpoints SET root = {0} WHERE size = (SELECT MIN(size) FROM ledger_checkpoints)", "checkpoint"),
                ("UPDATE ledger_checkpoints SET note = replace(note, 'ledger/1', 'ledger/2')", "checkpoint"),
                ("UPDATE ledger_state SET size = size - 1", "says that it has"),
                ("INSERT INTO ledger_entries (entry_id, entry, leaf_hash) VALUES ({2}, {0}, {1}); UPDATE ledger_state SET swept_seq = (SELECT MAX(seq) FROM ledger_entries)", "stands among sequenced ones"),
                ("DELETE FROM ledger_entries WHERE entry_id = (SELECT entry_id FROM agreement_facts LIMIT 1)", "which is not in the ledger"),
                ("UPDATE ledger_keys SET verifier = replace(verifier, 'concordat', 'discordat')", "is not what was signed"),
                (Sound, ""),
            ];
            var data = new TheoryData<string, string, string>();
            foreach (var (deed, place) in deeds)
            {
                data.Add("sqlite", deed, place);
                data.Add("postgres", deed, place);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Deeds))]
    public async Task Check_OneDeed_IsFoundAndNamed(string engine, string deed, string place)
    {
        await using var server = await FilledAsync(engine);
        var policy = await LedgerOf.PolicyAsync(server.Parts);
        await server.Parts.Sequencer.DisposeAsync();
        var before = await LedgerCheck.RunAsync(server.Parts.Database, policy);
        Assert.Empty(before.Faults);

        if (deed != Sound)
        {
            // Statements hold no semicolon of their own.
            await Tampering.RunAsync(server.Parts, [.. deed.Split(';').Select(statement => string.Format(
                CultureInfo.InvariantCulture, statement, Tampering.Bytes(engine, new string('a', 64)), Tampering.Bytes(engine, new string('b', 64)), Tampering.Bytes(engine, new string('c', 32))))]);
        }

        var after = await LedgerCheck.RunAsync(server.Parts.Database, deed.Contains("ledger_keys", StringComparison.Ordinal) ? await LedgerOf.PolicyAsync(server.Parts) : policy);
        if (deed == Sound)
        {
            Assert.Empty(after.Faults);
        }
        else
        {
            Assert.Contains(after.Faults, fault => fault.Contains(place, StringComparison.Ordinal));
        }
    }

    // The whole end is made anew, consistent in itself: entries, leaves, state, and checkpoints by a key of the forger's.
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Check_EndRewrittenAndSignedAnew_IsFound(string engine)
    {
        await using var server = await FilledAsync(engine);
        var policy = await LedgerOf.PolicyAsync(server.Parts);
        var size = (await LedgerOf.LastAsync(server.Parts))!.Size;
        await server.Parts.Sequencer.DisposeAsync();
        await Tampering.RunAsync(server.Parts, "DELETE FROM ledger_checkpoints", "DELETE FROM ledger_leaves WHERE leaf_index >= 600",
            "DELETE FROM ledger_keys", "UPDATE ledger_state SET size = 600, swept_seq = (SELECT entry_seq FROM ledger_leaves WHERE leaf_index = 599)",
            $"UPDATE ledger_entries SET entry = {Tampering.Bytes(engine, "7b7d")}, leaf_hash = {Tampering.Bytes(engine, Convert.ToHexString(LeafHash.Of("{}"u8)))} WHERE seq = (SELECT MAX(seq) FROM ledger_entries)");
        await server.RestartAsync(place =>
        {
            File.Delete(Path.Combine(place.Directory, "ledger.anchor"));
            return Task.CompletedTask;
        });
        await server.Parts.Sequencer.RunAsync();
        Assert.Equal(size, (await LedgerOf.LastAsync(server.Parts))!.Size);

        var (_, faults) = await LedgerCheck.RunAsync(server.Parts.Database, policy);

        Assert.Contains(faults, fault => fault.Contains("is not what was signed", StringComparison.Ordinal));
    }

    private static async Task<TestServer> FilledAsync(string engine)
    {
        var server = await TestServer.StartAsync(engine);
        for (var left = 0; left < 3; left++)
        {
            await LedgerOf.FillAsync(server.Parts, 230);
            await server.Parts.Sequencer.RunAsync();
        }

        return server;
    }
}
