using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// The link in a notice that opens the signatory's own page. Its token is the partner's id and 256 random bits; the
/// database keeps the SHA-256 of the random part, so that nobody who reads it can open a page.
/// </summary>
/// <param name="Token">64 characters of base64url; stands in the mail and nowhere else.</param>
/// <param name="Hash">What is stored.</param>
internal sealed record SignatoryLink(string Token, byte[] Hash)
{
    /// <summary>Where the page answers; the token follows.</summary>
    public const string Path = "/my-agreement/";

    private const int IdBytes = 16;
    private const int SecretBytes = 32;

    public static SignatoryLink New(PartnerId partner, IdSource ids)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + SecretBytes];
        partner.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        ids.Fill(bytes[IdBytes..]);
        return new SignatoryLink(Base64Url.EncodeToString(bytes), SHA256.HashData(bytes[IdBytes..]));
    }

    /// <summary>The record behind a token of any origin, or null.</summary>
    public static async ValueTask<SignatoryLinkRow?> FindAsync(Database database, string token)
    {
        var bytes = new byte[IdBytes + SecretBytes];
        if (token.Length != Base64Url.GetEncodedLength(bytes.Length)
            || Base64Url.DecodeFromChars(token, bytes, out _, out var written) != OperationStatus.Done || written != bytes.Length)
        {
            return null;
        }

        var partner = new PartnerId(new Guid(bytes.AsSpan(0, IdBytes), bigEndian: true));
        var hash = SHA256.HashData(bytes.AsSpan(IdBytes));
        return await database.ReadAsync(partner, tx => SignatoryLinkRows.FindAsync(tx, partner, hash));
    }
}
