using System.Data.Common;
using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>The code that is out to a signatory's mailbox.</summary>
/// <param name="CodeHash">Keyed hash of the code.</param>
/// <param name="Code">The code, sealed under the subject's key for the mail that carries it.</param>
/// <param name="TriesLeft">Wrong ones that may still come.</param>
/// <param name="Sent">How many codes went out for this attestation so far.</param>
/// <param name="SentAt">When this one did, wall clock.</param>
/// <param name="ExpiresAt">Until when it can be entered, wall clock.</param>
/// <param name="ProofHash">Hash of what the page got for the right code; null before.</param>
internal sealed record AttestationCodeRow(
    byte[] CodeHash, byte[] Code, long TriesLeft, long Sent, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, byte[]? ProofHash);

/// <summary>At most one code per attestation: a new one takes the place of the one before.</summary>
internal static class AttestationCodeRows
{
    private const string Select =
        "SELECT code_hash, code, tries_left, sent, sent_at_unix_ms, expires_at_unix_ms, proof_hash FROM attestation_codes WHERE partner_id = $1 AND attestation_id = $2";

    private static readonly Insert Into = new("attestation_codes",
        "partner_id bytea, attestation_id bytea, code_hash bytea, code bytea, tries_left bigint, sent bigint, sent_at_unix_ms bigint, expires_at_unix_ms bigint, proof_hash bytea",
        """
        ON CONFLICT (partner_id, attestation_id) DO UPDATE SET code_hash = excluded.code_hash, code = excluded.code, tries_left = excluded.tries_left,
        sent = excluded.sent, sent_at_unix_ms = excluded.sent_at_unix_ms, expires_at_unix_ms = excluded.expires_at_unix_ms, proof_hash = excluded.proof_hash
        """);

    public static PlannedRead<AttestationCodeRow> PlanFind(PartnerId partner, AttestationId id) => new(Select, Map, partner.Value, id.Value);

    public static ValueTask<AttestationCodeRow?> FindAsync(Tx tx, PartnerId partner, AttestationId id) => tx.OneAsync(Select, Map, partner.Value, id.Value);

    public static ValueTask SaveAsync(Tx tx, PartnerId partner, AttestationId id, AttestationCodeRow row) => tx.InsertAsync(Into,
        partner.Value, id.Value, row.CodeHash, row.Code, row.TriesLeft, row.Sent, row.SentAt.ToUnixTimeMilliseconds(),
        row.ExpiresAt.ToUnixTimeMilliseconds(), row.ProofHash);

    private static AttestationCodeRow Map(DbDataReader row) => new(
        row.Bytes(0), row.Bytes(1), row.Long(2), row.Long(3), DateTimeOffset.FromUnixTimeMilliseconds(row.Long(4)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.Long(5)), row.IsDBNull(6) ? null : row.Bytes(6));
}
