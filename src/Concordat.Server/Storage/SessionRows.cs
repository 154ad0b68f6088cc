using System.Data.Common;

namespace Concordat.Server.Storage;

/// <summary>A signed-in browser as stored. <c>Hash</c> is the SHA-256 of what the browser holds.</summary>
/// <param name="Hash">The key.</param>
/// <param name="TenantKind"><c>partner</c> or <c>customer</c>.</param>
/// <param name="Tenant">The partner's or the customer's id.</param>
/// <param name="Person">Object id.</param>
/// <param name="Roles">As the id token said.</param>
/// <param name="Mfa">A second factor was used.</param>
/// <param name="AuthenticatedAt">Null when the issuer did not say.</param>
/// <param name="CreatedAt">Start of the absolute limit.</param>
/// <param name="SeenAt">Start of the idle limit; written once a minute at most.</param>
internal sealed record SessionRow(
    byte[] Hash, string TenantKind, Guid Tenant, Guid Person, long Roles, bool Mfa, DateTimeOffset? AuthenticatedAt,
    DateTimeOffset CreatedAt, DateTimeOffset SeenAt);

/// <summary>Sessions of browsers.</summary>
internal static class SessionRows
{
    /// <summary>No session lasts longer, whatever its use.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    private static readonly Insert Into = new("sessions",
        "session_hash bytea, tenant_kind text, tenant_id bytea, person_id bytea, roles bigint, mfa bigint, authenticated_at_unix_ms bigint, created_at_unix_ms bigint, seen_at_unix_ms bigint");

    public static ValueTask<SessionRow?> FindAsync(Tx tx, byte[] hash) => tx.OneAsync("""
        SELECT session_hash, tenant_kind, tenant_id, person_id, roles, mfa, authenticated_at_unix_ms, created_at_unix_ms, seen_at_unix_ms
        FROM sessions WHERE session_hash = $1
        """, Map, hash);

    public static ValueTask AddAsync(Tx tx, SessionRow row) => tx.InsertAsync(Into,
        row.Hash, row.TenantKind, row.Tenant, row.Person, row.Roles, row.Mfa, row.AuthenticatedAt?.ToUnixTimeMilliseconds(),
        row.CreatedAt.ToUnixTimeMilliseconds(), row.SeenAt.ToUnixTimeMilliseconds());

    /// <summary>Moves the last sight forward, never back.</summary>
    public static ValueTask<int> SeeAsync(Tx tx, byte[] hash, DateTimeOffset now) => tx.ExecuteAsync(
        "UPDATE sessions SET seen_at_unix_ms = $2 WHERE session_hash = $1 AND seen_at_unix_ms < $2", hash, now.ToUnixTimeMilliseconds());

    public static ValueTask<int> RemoveAsync(Tx tx, byte[] hash) =>
        tx.ExecuteAsync("DELETE FROM sessions WHERE session_hash = $1", hash);

    /// <summary>Every session of a person.</summary>
    public static ValueTask<int> RemoveAllAsync(Tx tx, Guid tenant, Guid person) =>
        tx.ExecuteAsync("DELETE FROM sessions WHERE tenant_id = $1 AND person_id = $2", tenant, person);

    /// <summary>Forgets what began before that time; answers how many rows went.</summary>
    public static ValueTask<int> ForgetOldAsync(Tx tx, DateTimeOffset before) =>
        tx.ExecuteAsync("DELETE FROM sessions WHERE created_at_unix_ms < $1", before.ToUnixTimeMilliseconds());

    private static SessionRow Map(DbDataReader row) => new(
        row.Bytes(0), row.Text(1), row.Id(2), row.Id(3), row.Long(4), row.Flag(5),
        row.LongOrNull(6) is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        DateTimeOffset.FromUnixTimeMilliseconds(row.Long(7)), DateTimeOffset.FromUnixTimeMilliseconds(row.Long(8)));
}
