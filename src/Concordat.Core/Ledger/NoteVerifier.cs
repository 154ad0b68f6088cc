using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Concordat.Core.Ledger;

/// <summary>Checks the signatures of a note against a policy: steps 2 to 4 of a verification, also for bare checkpoints.</summary>
public static class NoteVerifier
{
    /// <summary>The first check that fails, or <see cref="ReceiptCode.Ok"/>.</summary>
    public static ReceiptCode Check(SignedNote note, LedgerPolicy policy)
    {
        var known = policy.Logs.Where(log => log.Key.Name == note.Checkpoint.Origin).ToList();
        if (known.Count == 0)
        {
            return ReceiptCode.Policy;
        }

        // A replaced key says nothing about the sizes after its time: to those it is a stranger.
        var keys = known.Where(log => note.Checkpoint.Size <= log.MaxSize).Select(log => log.Key).ToList();
        return IsSigned(note, keys) ? CheckWitnesses(note, policy) : ReceiptCode.Signature;
    }

    private static bool IsSigned(SignedNote note, List<VerifierKey> keys)
    {
        var message = note.Checkpoint.ToBytes();
        var good = 0;
        foreach (var line in note.Signatures)
        {
            if (keys.Find(key => key.Name == line.Name && key.Id == line.KeyId) is { } key)
            {
                if (!key.HasSigned(message, line.Signature))
                {
                    return false;
                }

                good++;
            }
        }

        return good > 0;
    }

    private static ReceiptCode CheckWitnesses(SignedNote note, LedgerPolicy policy)
    {
        var cosigners = new HashSet<VerifierKey>();
        foreach (var line in note.Signatures)
        {
            foreach (var key in policy.Witnesses.Where(key => key.Name == line.Name && key.Id == line.KeyId))
            {
                if (!IsCosigned(note.Checkpoint, key, line.Signature))
                {
                    return ReceiptCode.Quorum;
                }

                cosigners.Add(key);
            }
        }

        return policy.IsQuorum(cosigners) ? ReceiptCode.Ok : ReceiptCode.Quorum;
    }

    private static bool IsCosigned(Checkpoint checkpoint, VerifierKey key, byte[] signature)
    {
        if (signature.Length != 72)
        {
            return false;
        }

        var time = BinaryPrimitives.ReadUInt64BigEndian(signature);
        var message = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {time}\n{checkpoint.Text}"));
        return key.HasWitnessed(message, signature.AsSpan(8));
    }
}
