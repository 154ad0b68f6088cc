using Concordat.Core.Ledger;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations.Sequencing;

/// <summary>What the sequencer keeps in memory of the tree while it is its turn.</summary>
internal sealed class GrowingTree(LedgerState state, TreeFrontier frontier, StoredCheckpoint? last, IReadOnlyList<LedgerKey> keys) : IDisposable
{
    public LedgerState State { get; set; } = state;

    public TreeFrontier Frontier { get; set; } = frontier;

    /// <summary>The last checkpoint that was signed.</summary>
    public StoredCheckpoint? Last { get; set; } = last;

    public IReadOnlyList<LedgerKey> Keys { get; } = keys;

    /// <summary>Every entry up to this one is a leaf. Ahead of what is stored while nothing grows.</summary>
    public long SweptSeq { get; set; } = state.SweptSeq;

    /// <summary>Where a pass goes on that took only a part of what was waiting.</summary>
    public long? Cursor { get; set; }

    /// <summary>The newest entry seen, and who might still have been about to write an older one then.</summary>
    public (long Seq, IReadOnlySet<string> Writers)? Candidate { get; set; }

    /// <summary>Reads what is stored, and makes sure that it is what the last checkpoint signed.</summary>
    public static async ValueTask<GrowingTree> OpenAsync(Tx tx, LedgerState state, LedgerKeys keys)
    {
        var last = await CheckpointRows.LastAsync(tx);
        var signers = await keys.OpenAsync(tx);
        if (last is not null)
        {
            await CheckAsync(tx, state, last);
        }

        if (signers.Count == 0)
        {
            throw new LedgerFaultException("E_KEYS: the ledger's signing key is gone; restore ledger_keys from a backup");
        }

        var nodeAt = await StoredTree.LoadAsync(tx, state.Size, new LeafRange(0, state.Size).Nodes());
        return new GrowingTree(state, TreeFrontier.Of(state.Size, nodeAt), last, signers);
    }

    public void Dispose()
    {
        foreach (var key in Keys)
        {
            key.Dispose();
        }
    }

    private static async ValueTask CheckAsync(Tx tx, LedgerState state, StoredCheckpoint last)
    {
        var note = SignedNote.Parse(last.Note);
        var policy = await LedgerKeys.PolicyAsync(tx);
        if (note is null || note.Checkpoint.Size != last.Size || !note.Checkpoint.Root.AsSpan().SequenceEqual(last.Root) ||
            NoteVerifier.Check(note, policy) != ReceiptCode.Ok)
        {
            throw new LedgerFaultException(FormattableString.Invariant($"E_TAMPERED: the checkpoint of size {last.Size} is not what was signed"));
        }

        if (last.Size > state.Size || !(await StoredTree.RootAsync(tx, last.Size)).AsSpan().SequenceEqual(last.Root))
        {
            throw new LedgerFaultException(FormattableString.Invariant($"E_TAMPERED: the tree is not the one of the checkpoint of size {last.Size}"));
        }
    }
}
