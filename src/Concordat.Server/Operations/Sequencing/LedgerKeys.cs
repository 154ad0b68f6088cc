using System.Security.Cryptography;
using Concordat.Core.Ledger;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations.Sequencing;

/// <summary>
/// The ledger's signing keys: made, sealed under <paramref name="wrapping"/> (derived from the master key) and opened here.
/// They are in the database, so that every node that may become the sequencer has them.
/// </summary>
internal sealed class LedgerKeys(OperationContext context, byte[] wrapping, string origin)
{
    /// <summary>How long a new key and the one before it sign together.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(90);

    /// <summary>The name of a ledger that begins now. One that exists keeps the name in its keys.</summary>
    public string Origin { get; } = origin;

    /// <summary>Whom to trust: every key that ever signed, the retired ones up to their last size.</summary>
    public static async ValueTask<LedgerPolicy> PolicyAsync(Tx tx) => LedgerPolicy.Of(
        (await LedgerKeyRows.AllAsync(tx)).Select(row => new PolicyLog(VerifierKey.Parse(row.Verifier)!, row.MaxSize ?? long.MaxValue)));

    /// <summary>Makes a key; the first one of a ledger, or the next one.</summary>
    public async ValueTask<VerifierKey> MakeAsync(Tx tx)
    {
        var known = await LedgerKeyRows.AllAsync(tx);
        using var key = new LedgerKey(known is [var first, ..] ? VerifierKey.Parse(first.Verifier)!.Name : Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256));
        await LedgerKeyRows.AddAsync(tx, new StoredLedgerKey(
            known.Count + 1, key.Verifier.ToString(), context.Vault.Seal(wrapping, key.ToPkcs8()), context.Clocks.Wall.GetUtcNow(), null));
        return key.Verifier;
    }

    /// <summary>The keys that sign now; the caller disposes of them.</summary>
    public async ValueTask<IReadOnlyList<LedgerKey>> OpenAsync(Tx tx) =>
        [.. (await LedgerKeyRows.AllAsync(tx)).Where(row => row.Sealed is not null).Select(Open)];

    /// <summary>Destroys the keys whose successor has signed with them for long enough; true when there was one.</summary>
    public async ValueTask<bool> RetireAsync(Tx tx, long size)
    {
        var known = await LedgerKeyRows.AllAsync(tx);
        var due = known.Zip(known.Skip(1)).Where(pair => pair.First.Sealed is not null &&
            pair.Second.MadeAt + Overlap <= context.Clocks.Wall.GetUtcNow()).Select(pair => pair.First).ToList();
        foreach (var key in due)
        {
            await LedgerKeyRows.RetireAsync(tx, key.No, size);
        }

        return due.Count > 0;
    }

    private LedgerKey Open(StoredLedgerKey row)
    {
        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(SubjectVault.Open(wrapping, row.Sealed!), out _);
        return new LedgerKey(VerifierKey.Parse(row.Verifier)!.Name, ecdsa);
    }
}
