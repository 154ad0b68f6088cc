using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>What was answered to a request: the body it came with and the key of its result.</summary>
internal sealed record RememberedResult(byte[] BodyHash, string Result);

/// <summary>Effects by request id.</summary>
internal static class IdempotencyRows
{
    /// <summary>How long an effect is remembered.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    private static readonly Insert Into = new("idempotency",
        "partner_id bytea, key_hash bytea, body_hash bytea, result text, created_at_unix_ms bigint");

    public static PlannedRead<RememberedResult> PlanFind(PartnerId partner, byte[] keyHash) => new(
        "SELECT body_hash, result FROM idempotency WHERE partner_id = $1 AND key_hash = $2",
        row => new RememberedResult(row.Bytes(0), row.Text(1)), partner.Value, keyHash);

    /// <summary>Is an effect remembered under this key?</summary>
    public static async ValueTask<bool> IsKnownAsync(Tx tx, PartnerId partner, byte[] keyHash) => await tx.OneAsync(
        "SELECT 1 FROM idempotency WHERE partner_id = $1 AND key_hash = $2", row => "", partner.Value, keyHash) is not null;

    public static ValueTask AddAsync(Tx tx, PartnerId partner, byte[] keyHash, byte[] bodyHash, string result, DateTimeOffset now) =>
        tx.InsertAsync(Into, partner.Value, keyHash, bodyHash, result, now.ToUnixTimeMilliseconds());

    /// <summary>Forgets what is older than the retention; answers how many rows went.</summary>
    public static ValueTask<int> ForgetOldAsync(Tx tx, DateTimeOffset now) =>
        tx.ExecuteAsync("DELETE FROM idempotency WHERE created_at_unix_ms < $1", (now - Retention).ToUnixTimeMilliseconds());
}
