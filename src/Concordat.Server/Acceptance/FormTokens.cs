using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Hosting;

namespace Concordat.Server.Acceptance;

/// <summary>What a form of the acceptance page carries back: which attestation, when it was rendered, and what it showed.</summary>
/// <param name="Attestation">Whose form it is.</param>
/// <param name="IssuedAt">Wall clock, UTC.</param>
/// <param name="Nonce">128 random bits, hexadecimal; salts the digests of the words around the text.</param>
/// <param name="Shown">The digests.</param>
internal sealed record FormToken(AttestationId Attestation, DateTimeOffset IssuedAt, string Nonce, Presentation Shown);

/// <summary>Why a form is not taken as it came.</summary>
internal enum FormFault
{
    None,

    /// <summary>No token, or none that was made here.</summary>
    Forged,

    /// <summary>A token of ours for another attestation.</summary>
    OfAnother,

    /// <summary>Older than <see cref="FormTokens.Lifetime"/>.</summary>
    TooOld,
}

/// <summary>
/// Signs what a form shows, so that nobody can answer what was never rendered. Nothing is stored and no cookie is needed, as
/// the page may stand in another site's frame; that an answer counts once is the work of the attestation's state.
/// </summary>
/// <param name="key">The same on every node.</param>
/// <param name="ids">Draws the nonces.</param>
/// <param name="wall">Says how old a form is.</param>
internal sealed class FormTokens(byte[] key, IdSource ids, TimeProvider wall)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string Format = "1";
    private const int Parts = 10;
    private const int NonceBytes = 16;

    // Nodes' clocks may differ this much.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>A nonce for one rendering.</summary>
    public string NewNonce()
    {
        Span<byte> bytes = stackalloc byte[NonceBytes];
        ids.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>The token of a form that is rendered now.</summary>
    public string Write(AttestationId attestation, string nonce, Presentation shown)
    {
        var signed = string.Join('.', Format, attestation.Value.ToString("N"),
            wall.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), nonce,
            shown.TextSha256, shown.StatementSha256, shown.ButtonSha256, shown.ScreenSha256, shown.Build);
        return $"{signed}.{Convert.ToHexStringLower(Mac(signed))}";
    }

    /// <summary>Reads a token for the form of <paramref name="attestation"/>; null with the fault.</summary>
    public FormToken? Read(string? text, AttestationId attestation, out FormFault fault)
    {
        fault = FormFault.Forged;
        if (text is not { Length: <= 1024 } || text.Split('.') is not { Length: Parts } parts || parts[0] != Format)
        {
            return null;
        }

        var given = Encoding.ASCII.GetBytes(parts[^1]);
        var signed = text[..text.LastIndexOf('.')];
        if (!CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Mac(signed)))))
        {
            return null;
        }

        var issued = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[2], CultureInfo.InvariantCulture));
        var age = wall.GetUtcNow() - issued;
        fault = !Guid.TryParseExact(parts[1], "N", out var id) || id != attestation.Value ? FormFault.OfAnother
            : age > Lifetime || age < -Skew ? FormFault.TooOld
            : FormFault.None;
        return fault == FormFault.None
            ? new FormToken(attestation, issued, parts[3], new Presentation(parts[4], parts[5], parts[6], parts[7], parts[8]))
            : null;
    }

    private byte[] Mac(string signed) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed));
}
