using System.Data.Common;
using Concordat.Core;
using Concordat.Core.Agreements;

namespace Concordat.Server.Storage;

/// <summary>What the signatory was shown and answered, as it stands on the record.</summary>
/// <param name="TextVersion">Version of the agreement's text.</param>
/// <param name="TextLanguage">Tag of the language in which it was shown.</param>
/// <param name="TextLength">Of the text in UTF-8, bytes.</param>
/// <param name="Shown">Digests and build.</param>
/// <param name="Assurance">How well it is known who answered.</param>
/// <param name="Flags">Signs of self-acceptance.</param>
/// <param name="Entry">The ledger entry of the presentation.</param>
internal sealed record AttestationAnswer(
    byte TextVersion, string TextLanguage, long TextLength, Presentation Shown, Assurance Assurance, SelfAcceptance Flags, EntryId Entry);

/// <summary>An enhanced attestation as stored.</summary>
/// <param name="Partner">Whose it is.</param>
/// <param name="Attestation">State, terms and times.</param>
/// <param name="Version">Grows with each step.</param>
/// <param name="Company">Sealed company name.</param>
/// <param name="Subject">The signatory; null once erased.</param>
/// <param name="SubjectCustomer">Under which customer id the signatory is stored.</param>
/// <param name="CreatorNetwork">Keyed hash of the address that made it; null when not known.</param>
/// <param name="Answer">Null before the signatory answered.</param>
/// <param name="Reason">Sealed reason of a declining signatory; null when none was given.</param>
/// <param name="AcceptedEntry">The ledger entry of the agreement that was made of it; null before.</param>
internal sealed record AttestationRow(
    PartnerId Partner, EnhancedAttestation Attestation, long Version, byte[] Company, SubjectRow? Subject, CustomerId SubjectCustomer,
    byte[]? CreatorNetwork, AttestationAnswer? Answer, byte[]? Reason, EntryId? AcceptedEntry)
{
    /// <summary>Keyed hash of the program or browser that made it; null when not known.</summary>
    public byte[]? CreatorAgent { get; init; }
}

/// <summary>Who made an attestation.</summary>
internal sealed record AttestationCreator(Guid Creator, Guid App, string? Operator);

/// <summary>Where a page of attestations ends: they go from the newest to the oldest.</summary>
internal readonly record struct AttestationPlace(long CreatedUnixMs, AttestationId Id);

/// <summary>Enhanced attestations of one partner.</summary>
internal static class AttestationRows
{
    private const string Select = """
        SELECT a.partner_id, a.attestation_id, a.country, a.language, a.company, a.subject_id, a.subject_customer_id, a.customer_id,
               a.minimum_assurance, a.state, a.version, a.created_at_unix_ms, a.expires_at_unix_ms, a.ended_at_unix_ms,
               a.finalised_at_unix_ms, a.creator_network, a.text_version, a.text_language, a.text_length, a.text_sha256,
               a.statement_sha256, a.button_sha256, a.screen_sha256, a.build, a.assurance, a.self_acceptance, a.reason,
               a.shown_entry_id, a.accepted_entry_id, s.contact_hash, s.wrapped_key, s.sealed,
               a.creator_agent
        FROM attestations a
        LEFT JOIN subjects s ON s.partner_id = a.partner_id AND s.customer_id = a.subject_customer_id AND s.subject_id = a.subject_id
        """;

    private const string One = Select + " WHERE a.partner_id = $1 AND a.attestation_id = $2";

    private static readonly Insert Into = new("attestations",
        "partner_id bytea, attestation_id bytea, country text, language text, company bytea, subject_id bytea, subject_customer_id bytea, customer_id bytea, minimum_assurance bigint, state bigint, version bigint, created_at_unix_ms bigint, expires_at_unix_ms bigint, creator_id bytea, app_id bytea, operator text, creator_network bytea, creator_agent bytea");

    private static readonly Insert IntoPartners = new("attestation_partners", "attestation_id bytea, partner_id bytea");

    public static async ValueTask AddAsync(Tx tx, AttestationRow row, AttestationCreator by)
    {
        var (attestation, partner) = (row.Attestation, row.Partner.Value);
        await tx.InsertAsync(IntoPartners, attestation.Id.Value, partner);
        await tx.InsertAsync(Into, partner, attestation.Id.Value, attestation.Country, attestation.Language, row.Company,
            row.Subject!.Id.Value, row.SubjectCustomer.Value, attestation.Customer?.Value, (long)attestation.MinimumAssurance, (long)attestation.State, row.Version,
            attestation.CreatedAt.ToUnixTimeMilliseconds(), attestation.ExpiresAt.ToUnixTimeMilliseconds(), by.Creator, by.App, by.Operator, row.CreatorNetwork, row.CreatorAgent);
    }

    /// <summary>Whose attestation it is; null when there is none of that id. A read of a shared table.</summary>
    public static async ValueTask<PartnerId?> PartnerOfAsync(Tx tx, AttestationId id)
    {
        var found = await tx.OneAsync("SELECT partner_id FROM attestation_partners WHERE attestation_id = $1", row => (object)new PartnerId(row.Id(0)), id.Value);
        return (PartnerId?)found;
    }

    public static PlannedRead<AttestationRow> PlanFind(PartnerId partner, AttestationId id) => new(One, Map, partner.Value, id.Value);

    /// <summary>The attestation of which the agreement with that ledger entry was made; null when it was made without one.</summary>
    public static ValueTask<AttestationRow?> OfAgreementAsync(Tx tx, PartnerId partner, EntryId agreement) =>
        tx.OneAsync(Select + " WHERE a.partner_id = $1 AND a.accepted_entry_id = $2", Map, partner.Value, agreement.Value);

    public static ValueTask<AttestationRow?> FindAsync(Tx tx, PartnerId partner, AttestationId id) => tx.OneAsync(One, Map, partner.Value, id.Value);

    /// <summary>Newest first, behind <paramref name="after"/>; of one stored state, and of expiries in [from, before), when said.</summary>
    public static ValueTask<List<AttestationRow>> PageAsync(
        Tx tx, PartnerId partner, AttestationPlace after, AttestationState? stored, DateTimeOffset expiresFrom, DateTimeOffset expiresBefore, int limit) =>
        tx.ManyAsync(Select + """
             WHERE a.partner_id = $1 AND (a.created_at_unix_ms, a.attestation_id) < ($2, $3) AND ($4 < 0 OR a.state = $4)
            AND a.expires_at_unix_ms >= $5 AND a.expires_at_unix_ms < $6
            ORDER BY a.created_at_unix_ms DESC, a.attestation_id DESC LIMIT $7
            """, Map, partner.Value, after.CreatedUnixMs, after.Id.Value, stored is { } state ? (long)state : -1L,
            expiresFrom.ToUnixTimeMilliseconds(), expiresBefore.ToUnixTimeMilliseconds(), limit);

    /// <summary>Stores a step; throws when the row is not as the step found it, which the locks exclude.</summary>
    public static async ValueTask StepAsync(Tx tx, AttestationRow from, EnhancedAttestation to, CustomerId subjectCustomer, EntryId? accepted = null)
    {
        var changed = await tx.ExecuteAsync("""
            UPDATE attestations SET state = $4, version = version + 1, customer_id = $5, ended_at_unix_ms = $6, finalised_at_unix_ms = $7,
            subject_customer_id = $8, accepted_entry_id = $9
            WHERE partner_id = $1 AND attestation_id = $2 AND version = $3
            """, from.Partner.Value, to.Id.Value, from.Version, (long)to.State, to.Customer?.Value, to.EndedAt?.ToUnixTimeMilliseconds(),
            to.FinalisedAt?.ToUnixTimeMilliseconds(), subjectCustomer.Value, (accepted ?? from.AcceptedEntry)?.Value);
        if (changed != 1)
        {
            throw new InvalidOperationException("An attestation changed while it was locked.");
        }
    }

    /// <summary>Adds what the answer was given to; goes with the step to accepted or declined.</summary>
    public static ValueTask<int> AnswerAsync(Tx tx, AttestationRow row, AttestationAnswer answer, byte[]? reason) => tx.ExecuteAsync("""
        UPDATE attestations SET text_version = $3, text_language = $4, text_length = $5, text_sha256 = $6, statement_sha256 = $7,
        button_sha256 = $8, screen_sha256 = $9, build = $10, assurance = $11, self_acceptance = $12, reason = $13, shown_entry_id = $14
        WHERE partner_id = $1 AND attestation_id = $2
        """, row.Partner.Value, row.Attestation.Id.Value, (long)answer.TextVersion, answer.TextLanguage, answer.TextLength,
        answer.Shown.TextSha256, answer.Shown.StatementSha256, answer.Shown.ButtonSha256, answer.Shown.ScreenSha256, answer.Shown.Build,
        (long)answer.Assurance, (long)answer.Flags, reason, answer.Entry.Value);

    private static AttestationRow Map(DbDataReader row) => new(
        new PartnerId(row.Id(0)),
        new EnhancedAttestation(
            new AttestationId(row.Id(1)), (AttestationState)row.Long(9), row.Text(2), row.Text(3),
            row.IdOrNull(7) is { } customer ? new CustomerId(customer) : null, (Assurance)row.Long(8), Instant(row.Long(11)), Instant(row.Long(12)))
        {
            EndedAt = row.LongOrNull(13) is { } ended ? Instant(ended) : null,
            FinalisedAt = row.LongOrNull(14) is { } finalised ? Instant(finalised) : null,
        },
        row.Long(10), row.Bytes(4),
        row.IsDBNull(29) ? null : new SubjectRow(new SubjectId(row.Id(5)), row.Bytes(29), row.Bytes(30), row.Bytes(31)),
        new CustomerId(row.Id(6)), BytesOrNull(row, 15), row.IsDBNull(27) ? null : MapAnswer(row), BytesOrNull(row, 26),
        row.IdOrNull(28) is { } accepted ? new EntryId(accepted) : null)
    {
        CreatorAgent = BytesOrNull(row, 32),
    };

    private static AttestationAnswer MapAnswer(DbDataReader row) => new(
        (byte)row.Long(16), row.Text(17), row.Long(18),
        new Presentation(row.Text(19), row.Text(20), row.Text(21), row.Text(22), row.Text(23)),
        (Assurance)row.Long(24), (SelfAcceptance)row.Long(25), new EntryId(row.Id(27)));

    private static byte[]? BytesOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Bytes(column);

    private static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
