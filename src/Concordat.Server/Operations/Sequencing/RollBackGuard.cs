using Concordat.Core.Ledger;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations.Sequencing;

/// <summary>Compares the database with the anchor: what was published once must still be there.</summary>
internal static class RollBackGuard
{
    /// <summary>
    /// Throws when the database is behind the anchor or has another past. A sandbox that was emptied has new keys; the anchor of
    /// its former life then says nothing about it.
    /// </summary>
    /// <exception cref="LedgerFaultException">E_ROLLED_BACK or E_ANCHOR.</exception>
    public static async ValueTask CheckAsync(Tx tx, LedgerAnchor anchor, bool isSandbox)
    {
        if (anchor.Read() is not { } note)
        {
            return;
        }

        var keys = (await LedgerKeyRows.AllAsync(tx)).Select(row => VerifierKey.Parse(row.Verifier)!).ToList();
        var known = note.Signatures.Any(line => keys.Exists(key => key.Name == line.Name && key.Id == line.KeyId));
        if (!known && isSandbox)
        {
            return;
        }

        var (size, root) = (note.Checkpoint.Size, note.Checkpoint.Root);
        var last = await CheckpointRows.LastAsync(tx);
        if (last is null || last.Size < size)
        {
            throw new LedgerFaultException(FormattableString.Invariant(
                $"E_ROLLED_BACK: the database ends at checkpoint {last?.Size ?? 0}, and {size} was published; restore the newest backup"));
        }

        if (!known || (await CheckpointRows.AtAsync(tx, size))?.Root.AsSpan().SequenceEqual(root) != true ||
            !(await StoredTree.RootAsync(tx, size)).AsSpan().SequenceEqual(root))
        {
            throw new LedgerFaultException(FormattableString.Invariant(
                $"E_ROLLED_BACK: the database has another past than the anchor at size {size}"));
        }
    }
}
