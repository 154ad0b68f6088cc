using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Concordat.Core.Ledger;

/// <summary>
/// One salted field of an entry (an RFC 9901 object-property disclosure): the entry holds its digest only, the holder
/// of the text can open it. Equal values get unlinkable digests because every salt is fresh.
/// </summary>
public sealed class Disclosure
{
    /// <summary>Bytes of salt in each disclosure.</summary>
    public const int SaltBytes = 16;

    private Disclosure(string name, string text, string digest) => (Name, Text, Digest) = (name, text, digest);

    /// <summary>Field name, such as <c>email</c>.</summary>
    public string Name { get; }

    /// <summary>Unpadded base64url of the JSON array <c>[salt, name, value]</c>.</summary>
    public string Text { get; }

    /// <summary>Unpadded base64url of the SHA-256 of <see cref="Text"/>.</summary>
    public string Digest { get; }

    /// <summary>Makes the disclosure of one field; <paramref name="salt"/> is 16 random bytes used nowhere else.</summary>
    public static Disclosure Of(string name, string value, ReadOnlySpan<byte> salt)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, SaltBytes);
        var json = new ArrayBufferWriter<byte>(64 + (value.Length * 3));
        json.Write("["u8);
        json.WriteString(Base64Url.EncodeToString(salt));
        json.Write(","u8);
        json.WriteString(name);
        json.Write(","u8);
        json.WriteString(value);
        json.Write("]"u8);
        var text = Base64Url.EncodeToString(json.WrittenSpan);
        return new Disclosure(name, text, DigestOf(text));
    }

    /// <summary>The digest of a disclosure's text as it stands in the entry.</summary>
    public static string DigestOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(text), hash);
        return Base64Url.EncodeToString(hash);
    }
}
