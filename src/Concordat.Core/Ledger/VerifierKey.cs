using System.Security.Cryptography;

namespace Concordat.Core.Ledger;

/// <summary>
/// A key that signatures are checked with, as people exchange it: <c>name+id+base64(type || key)</c>. Two kinds are known:
/// a ledger's ECDSA P-256 key (type 0x02) and a witness's Ed25519 key (type 0x04).
/// </summary>
public sealed class VerifierKey
{
    /// <summary>Type of a ledger's key.</summary>
    public const byte Ecdsa = 0x02;

    /// <summary>Type of a witness's key.</summary>
    public const byte Witness = 0x04;

    // SubjectPublicKeyInfo of id-ecPublicKey, prime256v1, uncompressed point; 64 bytes of coordinates follow.
    private static readonly byte[] SpkiStart = Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    private readonly byte[] key;

    private VerifierKey(string name, byte type, byte[] key)
    {
        (Name, Type, this.key) = (name, type, key);
        Id = Convert.ToHexStringLower(IdOf(name, type, key));
    }

    /// <summary>For a ledger its origin.</summary>
    public string Name { get; }

    /// <summary><see cref="Ecdsa"/> or <see cref="Witness"/>.</summary>
    public byte Type { get; }

    /// <summary>Eight lower-case hex digits.</summary>
    public string Id { get; }

    /// <summary>The key of a ledger by its SubjectPublicKeyInfo; null unless that is the 91-byte form of a point on P-256.</summary>
    public static VerifierKey? OfLedger(string name, byte[] spki) => IsP256(spki) ? new VerifierKey(name, Ecdsa, spki) : null;

    /// <summary>Reads the exchanged form; null for anything else.</summary>
    public static VerifierKey? Parse(string text)
    {
        var parts = text.Split('+', 3);
        if (parts.Length < 3 || !StrictText.IsKeyName(parts[0]) || StrictText.Base64(parts[2]) is not { Length: > 1 } bytes)
        {
            return null;
        }

        var key = bytes[0] switch
        {
            Ecdsa => OfLedger(parts[0], bytes[1..]),
            Witness when bytes.Length == 33 => new VerifierKey(parts[0], Witness, bytes[1..]),
            _ => null,
        };
        return key?.Id == parts[1] ? key : null;
    }

    /// <summary>True for a signature over <paramref name="message"/>; a ledger's key only.</summary>
    public bool HasSigned(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (EcdsaSignature.Read(signature) is not { } numbers)
        {
            return false;
        }

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(key, out _);
        return ecdsa.VerifyData(message, numbers, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>True for a witness's signature over <paramref name="message"/>.</summary>
    public bool HasWitnessed(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Ed25519.Verify(key, message, signature);

    /// <summary>The exchanged form.</summary>
    public override string ToString() => $"{Name}+{Id}+{Convert.ToBase64String([Type, .. key])}";

    // A ledger's id is that of its key alone, a witness's is bound to its name too (C2SP signed-note).
    private static byte[] IdOf(string name, byte type, byte[] key) =>
        SHA256.HashData(type == Ecdsa ? key : [.. System.Text.Encoding.UTF8.GetBytes(name), (byte)'\n', type, .. key])[..4];

    private static bool IsP256(byte[] spki)
    {
        if (spki.Length != 91 || !spki.AsSpan().StartsWith(SpkiStart))
        {
            return false;
        }

        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(spki, out _);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
