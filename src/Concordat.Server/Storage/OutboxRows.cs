using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>Work that follows a commit.</summary>
internal static class OutboxRows
{
    private static readonly Insert Into = new("outbox",
        "partner_id bytea, outbox_id bytea, kind text, customer_id bytea, fact_no bigint, due_at_unix_ms bigint, created_at_unix_ms bigint");

    /// <summary><paramref name="due"/> is by the policy clock: a notice has to be out by then.</summary>
    public static ValueTask AddAsync(
        Tx tx, PartnerId partner, Guid id, string kind, CustomerId customer, long factNo, DateTimeOffset due, DateTimeOffset created) =>
        tx.InsertAsync(Into, partner.Value, id, kind, customer.Value, factNo, due.ToUnixTimeMilliseconds(), created.ToUnixTimeMilliseconds());
}
