using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Concordat.Core.Agreements.Texts;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;

namespace Concordat.Server.PartnerCenter.Documents;

/// <summary>
/// The signed links under which a template document can be fetched for five minutes without a token, as Partner Center's
/// can. A link says all that is needed to answer it; nothing is stored, so any node can answer any link. It expires by
/// the policy clock of the environment it was made in.
/// </summary>
internal sealed class AgreementLinks
{
    public const string PreviewPath = "/agreement-files/preview/";
    public const string DownloadPath = "/agreement-files/download/";

    /// <summary>Documented: "valid for five minutes".</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public const int KeyBytes = 32;

    // Layout, signed as a whole: format, agreement type, version, environment, country, expiry (Unix ms, big endian), language.
    private const byte Format = 1;
    private const int CountryAt = 4;
    private const int ExpiryAt = 6;
    private const int LanguageAt = 14;
    private const int MaxLanguage = 35;
    private const int MaxTokenBytes = LanguageAt + MaxLanguage + HMACSHA256.HashSizeInBytes;

    private readonly byte[] key;
    private readonly Clocks clocks;

    /// <param name="key">32 bytes, the same on every node.</param>
    /// <param name="clocks">For the policy clocks.</param>
    public AgreementLinks(byte[] key, Clocks clocks)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes, nameof(key));
        (this.key, this.clocks) = (key, clocks);
    }

    /// <summary>A token for a link, to put behind one of the two paths; both take the same.</summary>
    public string Create(AgreementFile file, PartnerEnvironment environment)
    {
        var payload = new byte[LanguageAt + file.Language.Length];
        payload[0] = Format;
        payload[1] = (byte)file.Type;
        payload[2] = (byte)file.Version;
        payload[3] = (byte)environment;
        Encoding.ASCII.GetBytes(file.Country, payload.AsSpan(CountryAt, 2));
        var expires = clocks.Policy(environment).GetUtcNow() + Lifetime;
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(ExpiryAt), expires.ToUnixTimeMilliseconds());
        Encoding.ASCII.GetBytes(file.Language, payload.AsSpan(LanguageAt));
        return Base64Url.EncodeToString([.. payload, .. HMACSHA256.HashData(key, payload)]);
    }

    /// <summary>
    /// Reads a token of any origin. <paramref name="file"/> is set when the link is live or expired (so that the answer to
    /// an old link can be in the reader's language), and must be served only when it is live.
    /// </summary>
    public LinkState Read(string token, out AgreementFile file)
    {
        file = default;
        Span<byte> bytes = stackalloc byte[MaxTokenBytes];
        if (Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done) return LinkState.Forged;
        bytes = bytes[..length];
        // Base64 has several spellings of the same bytes; one link has one.
        if (length <= LanguageAt + HMACSHA256.HashSizeInBytes) return LinkState.Forged;
        if (!token.Equals(Base64Url.EncodeToString(bytes), StringComparison.Ordinal)) return LinkState.Forged;

        var payload = bytes[..^HMACSHA256.HashSizeInBytes];
        var signature = HMACSHA256.HashData(key, payload);
        if (!CryptographicOperations.FixedTimeEquals(signature, bytes[payload.Length..]) || payload[0] != Format)
            return LinkState.Forged;

        file = new AgreementFile((AgreementType)payload[1], payload[2],
            Encoding.ASCII.GetString(payload[CountryAt..ExpiryAt]), Encoding.ASCII.GetString(payload[LanguageAt..]));
        var now = clocks.Policy((PartnerEnvironment)payload[3]).GetUtcNow().ToUnixTimeMilliseconds();
        return now < BinaryPrimitives.ReadInt64BigEndian(payload[ExpiryAt..]) ? LinkState.Live : LinkState.Expired;
    }
}

/// <summary>What a link's token turned out to be.</summary>
internal enum LinkState
{
    /// <summary>Made here and not yet over.</summary>
    Live,
    /// <summary>Made here, five minutes ago or longer.</summary>
    Expired,
    /// <summary>Not made with this key, or changed.</summary>
    Forged,
}
