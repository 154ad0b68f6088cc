using System.Collections.Concurrent;
using System.Security.Cryptography;
using Concordat.Core;
using Concordat.Server.Hosting;

namespace Concordat.Server.Storage;

/// <summary>
/// Seals people's data. Each subject has a data key of its own (AES-256-GCM), wrapped by a key that belongs to the
/// partner and is derived from the master key; deleting the wrapped key closes everything about the subject for ever.
/// Equal contacts are found by an HMAC under another derived key, never by their text.
/// </summary>
internal sealed class SubjectVault(byte[] masterKey, IdSource ids)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    private readonly ConcurrentDictionary<PartnerId, PartnerKeys> keys = new();

    /// <summary>A new data key and its wrapped form.</summary>
    public (byte[] Key, byte[] Wrapped) NewKey(PartnerId partner)
    {
        var key = new byte[KeyBytes];
        ids.Fill(key);
        return (key, Seal(KeysOf(partner).Wrapping, key));
    }

    /// <summary>The data key behind a wrapped one; throws <see cref="CryptographicException"/> when it was changed.</summary>
    public byte[] Unwrap(PartnerId partner, byte[] wrapped) => Open(KeysOf(partner).Wrapping, wrapped);

    /// <summary>Nonce, cipher text and tag in one.</summary>
    public byte[] Seal(byte[] key, ReadOnlySpan<byte> plain)
    {
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        ids.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length));
        return box;
    }

    /// <summary>The reverse of <see cref="Seal"/>.</summary>
    public static byte[] Open(byte[] key, byte[] box)
    {
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), plain);
        return plain;
    }

    /// <summary>32 bytes by which equal texts of one partner are recognised.</summary>
    public byte[] Recognise(PartnerId partner, ReadOnlySpan<byte> text) => HMACSHA256.HashData(KeysOf(partner).Hashing, text);

    private PartnerKeys KeysOf(PartnerId partner) => keys.GetOrAdd(partner, id =>
    {
        var salt = id.Value.ToByteArray(bigEndian: true);
        return new PartnerKeys(
            HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, KeyBytes, salt, "concordat subject wrapping v1"u8.ToArray()),
            HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, KeyBytes, salt, "concordat subject recognition v1"u8.ToArray()));
    });

    private sealed record PartnerKeys(byte[] Wrapping, byte[] Hashing);
}
