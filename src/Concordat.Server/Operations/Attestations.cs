using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>An enhanced attestation with what is sealed in it.</summary>
/// <param name="Row">As stored.</param>
/// <param name="Contact">The signatory; null once erased, and so are the other two.</param>
/// <param name="Company">For which company.</param>
/// <param name="Reason">Why the signatory declined; null when none was given.</param>
internal sealed record OpenedAttestation(AttestationRow Row, Contact? Contact, string? Company, string? Reason)
{
    /// <summary>State, terms and times.</summary>
    public EnhancedAttestation Attestation => Row.Attestation;
}

/// <summary>What the operations on attestations share, and how edges read one.</summary>
internal static class Attestations
{
    /// <summary>The kind of a signatory whose customer is not known yet, or knows the same person already.</summary>
    public const string SubjectKind = "attestation";

    /// <summary>Where signatories stand until their customer is known.</summary>
    public static readonly CustomerId NoCustomer;

    private const long LockSpace = 0x61747465_7374; // "attest": no customer's number

    /// <summary>The attestation and its partner by the id alone, as the signatory's page knows nothing else; null when there is none.</summary>
    public static async ValueTask<(Partner Partner, OpenedAttestation Opened)?> FindAsync(
        OperationContext context, PartnerDirectory partners, AttestationId id)
    {
        var owner = await context.Database.ReadSharedAsync(tx => AttestationRows.PartnerOfAsync(tx, id));
        return owner is { } known && partners.Find(known) is { } partner && await FindAsync(context, known, id) is { } opened ? (partner, opened) : null;
    }

    /// <summary>A partner's own attestation; null when it has none of that id.</summary>
    public static async ValueTask<OpenedAttestation?> FindAsync(OperationContext context, PartnerId partner, AttestationId id)
    {
        var row = await context.Database.ReadAsync(partner, tx => AttestationRows.FindAsync(tx, partner, id));
        return row is null ? null : Open(context.Vault, row);
    }

    public static OpenedAttestation Open(SubjectVault vault, AttestationRow row)
    {
        if (row.Subject is null)
        {
            return new OpenedAttestation(row, null, null, null);
        }

        var key = vault.Unwrap(row.Partner, row.Subject.WrappedKey);
        return new OpenedAttestation(row, Signatories.Open(vault, row.Partner, row.Subject), OpenText(key, row.Company),
            row.Reason is null ? null : OpenText(key, row.Reason));
    }

    public static byte[] SealText(SubjectVault vault, byte[] key, string text) => vault.Seal(key, Encoding.UTF8.GetBytes(text));

    public static string OpenText(byte[] key, byte[] box) => Encoding.UTF8.GetString(SubjectVault.Open(key, box));

    /// <summary>Now as rows and entries keep it, in whole milliseconds: the first answer and every later one say the same.</summary>
    public static DateTimeOffset Now(OperationContext context, Partner partner) =>
        DateTimeOffset.FromUnixTimeMilliseconds(context.PolicyNow(partner.Environment).ToUnixTimeMilliseconds());

    /// <summary>Steps of one attestation follow each other.</summary>
    public static long LockOf(AttestationId id) => LockKeys.Of(id.Value, LockSpace);

    /// <summary>By which equal networks (/24, /64) of one partner's sellers and signatories are recognised; null for none.</summary>
    public static byte[]? NetworkHash(SubjectVault vault, PartnerId partner, string? address) =>
        string.IsNullOrEmpty(address) ? null : vault.Recognise(partner, Encoding.UTF8.GetBytes("network " + Hosting.ClientNetwork.Of(address)));

    /// <summary>By which equal browsers of one partner's sellers and signatories are recognised; null for none.</summary>
    public static byte[]? AgentHash(SubjectVault vault, PartnerId partner, string? agent) =>
        string.IsNullOrEmpty(agent) ? null : vault.Recognise(partner, Encoding.UTF8.GetBytes("agent " + agent));

    /// <summary>What is kept of a secret of this attestation: useless without the master key.</summary>
    public static byte[] SecretHash(SubjectVault vault, PartnerId partner, AttestationId id, string secret) =>
        vault.Recognise(partner, Encoding.UTF8.GetBytes($"attestation {id} {secret}"));

    /// <summary>Six digits, all equally likely.</summary>
    public static string NewCode(Hosting.IdSource ids)
    {
        Span<byte> bytes = stackalloc byte[8];
        ids.Fill(bytes);
        // 2^64 is no multiple of a million; the difference in likelihood is below 10^-13.
        return (BinaryPrimitives.ReadUInt64BigEndian(bytes) % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }

    public static bool SameHash(byte[]? kept, byte[] given) => kept is not null && CryptographicOperations.FixedTimeEquals(kept, given);

    /// <summary>The text that was shown, as entries name it.</summary>
    public static AgreementReference ReferenceOf(EnhancedAttestation attestation, AttestationAnswer answer) =>
        Evidence.Reference(EnhancedAttestation.Type, answer.TextVersion) with
        {
            Country = attestation.Country,
            Locale = answer.TextLanguage,
            Sha256 = answer.Shown.TextSha256,
            Length = answer.TextLength,
        };

    /// <summary>The page around it.</summary>
    public static ScreenReference ScreenOf(Presentation shown) => new(shown.Build, shown.StatementSha256, shown.ButtonSha256, shown.ScreenSha256);

    /// <summary>The answer to an unknown id, and to another partner's.</summary>
    public static Problem NotFound() => new(ProblemCode.NotFound, "There is no such attestation.", "attestationId");
}
