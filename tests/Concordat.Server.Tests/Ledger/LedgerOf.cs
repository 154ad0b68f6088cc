using System.Globalization;
using System.Text;
using Concordat.Core;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Operations.Sequencing;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests;

/// <summary>Fills and reads the ledger of a server.</summary>
internal static class LedgerOf
{
    /// <summary>Adds small entries that no fact stands behind.</summary>
    public static async Task FillAsync(Parts parts, int count)
    {
        for (var left = count; left > 0; left -= 10_000)
        {
            _ = (await parts.Context.Loop.RunAsync(new AddEntries(parts.Context, Math.Min(left, 10_000)))).Value;
        }
    }

    public static Task<StoredCheckpoint?> LastAsync(Parts parts) => parts.Database.ReadSharedAsync(CheckpointRows.LastAsync).AsTask();

    public static Task<LedgerPolicy> PolicyAsync(Parts parts) => parts.Database.ReadSharedAsync(LedgerKeys.PolicyAsync).AsTask();

    /// <summary>
    /// The tree by its definition, from the entries alone: leaves without gap, every tile, every checkpoint signed by a
    /// key of the ledger and an earlier state of the same tree. Answers the size.
    /// </summary>
    public static Task<long> CheckAsync(Parts parts) => parts.Database.ReadSharedAsync(async tx =>
    {
        var leaves = await TreeRows.LeavesAsync(tx, 0, long.MaxValue);
        var frontier = new TreeFrontier();
        var roots = new List<byte[]> { frontier.Root };
        foreach (var leaf in leaves)
        {
            Assert.Equal(frontier.Size, leaf.Index);
            Assert.Equal(LeafHash.Of(leaf.Bytes!), leaf.LeafHash);
            frontier.Append(leaf.LeafHash);
            roots.Add(leaves.Count < 5000 ? frontier.Root : []);
        }

        Assert.Equal(leaves.Count, (await TreeRows.StateAsync(tx))!.Size);
        Assert.Equal(frontier.Root, await StoredTree.RootAsync(tx, leaves.Count));
        var policy = await LedgerKeys.PolicyAsync(tx);
        foreach (var checkpoint in await CheckpointRows.AfterAsync(tx, -1, int.MaxValue))
        {
            var note = SignedNote.Parse(checkpoint.Note)!;
            Assert.Equal(ReceiptCode.Ok, NoteVerifier.Check(note, policy));
            Assert.Equal(checkpoint.Size, note.Checkpoint.Size);
            Assert.Equal(leaves.Count < 5000 ? roots[(int)checkpoint.Size] : checkpoint.Root, note.Checkpoint.Root);
        }

        return frontier.Size;
    }).AsTask();

    private sealed class AddEntries(OperationContext context, int count) : Operation<bool>
    {
        public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of("test entries")];

        public override PartnerScope Scope => PartnerScope.None;

        protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx)
        {
            for (var i = 0; i < count; i++)
            {
                var id = new EntryId(context.Ids.NewId());
                var entry = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{id}}","kind":"test.entry","v":1}"""));
                await LedgerRows.AddAsync(tx, id, entry, LeafHash.Of(entry));
            }

            return true;
        }
    }
}
