using System.Security.Cryptography;

namespace Concordat.Core.Ledger;

/// <summary>A ledger's private key (ECDSA P-256) with the name it signs for. Owns <paramref name="ecdsa"/>.</summary>
public sealed class LedgerKey(string name, ECDsa ecdsa) : IDisposable
{
    /// <summary>What its signatures are checked with.</summary>
    public VerifierKey Verifier { get; } = VerifierKey.OfLedger(name, ecdsa.ExportSubjectPublicKeyInfo())
        ?? throw new ArgumentException("A ledger signs with a P-256 key.", nameof(ecdsa));

    /// <summary>The signature line for a checkpoint of this ledger.</summary>
    public NoteSignature Sign(Checkpoint checkpoint) => new(
        Verifier.Name, Verifier.Id,
        ecdsa.SignData(checkpoint.ToBytes(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>The private key, to be sealed and kept.</summary>
    public byte[] ToPkcs8() => ecdsa.ExportPkcs8PrivateKey();

    /// <inheritdoc/>
    public void Dispose() => ecdsa.Dispose();
}
