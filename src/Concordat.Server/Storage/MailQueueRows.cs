using Concordat.Core;
using Concordat.Core.Policy;

namespace Concordat.Server.Storage;

/// <summary>A mail by its key.</summary>
internal readonly record struct MailId(PartnerId Partner, Guid Id);

/// <summary>The outbox as those see it who hand its mails to the mail server.</summary>
internal static class MailQueueRows
{
    private const string Waiting = "o.turn = $1 AND o.state = 'due' AND o.leased_until_unix_ms <= $2";

    /// <summary>The partners that have a mail to be sent now, in the order of their ids.</summary>
    /// <param name="tx">Sees every partner.</param>
    /// <param name="turn">0 for what goes first, 1 for the rest.</param>
    /// <param name="wall">Leases that ended before this count no more.</param>
    /// <param name="production">Now by the policy clock of production.</param>
    /// <param name="sandbox">Now by the policy clock of the integration sandbox.</param>
    public static ValueTask<List<(PartnerId Partner, PartnerEnvironment Environment)>> PartnersAsync(
        Tx tx, long turn, DateTimeOffset wall, DateTimeOffset production, DateTimeOffset sandbox) => tx.ManyAsync($"""
        SELECT p.partner_id, p.environment FROM partners p WHERE EXISTS (
          SELECT 1 FROM outbox o WHERE {Waiting} AND o.partner_id = p.partner_id
          AND o.next_at_unix_ms <= CASE p.environment WHEN 'sandbox' THEN $4 ELSE $3 END)
        ORDER BY p.partner_id
        """,
        row => (new PartnerId(row.Id(0)), row.Text(1) == "sandbox" ? PartnerEnvironment.Sandbox : PartnerEnvironment.Production),
        turn, wall.ToUnixTimeMilliseconds(), production.ToUnixTimeMilliseconds(), sandbox.ToUnixTimeMilliseconds());

    /// <summary>A partner's mails to be sent now, oldest first.</summary>
    public static async ValueTask<List<MailId>> OfPartnerAsync(
        Tx tx, PartnerId partner, long turn, DateTimeOffset wall, DateTimeOffset policy, int limit) => await tx.ManyAsync($"""
        SELECT o.outbox_id FROM outbox o WHERE {Waiting} AND o.partner_id = $3 AND o.next_at_unix_ms <= $4
        ORDER BY o.next_at_unix_ms, o.outbox_id LIMIT $5
        """, row => new MailId(partner, row.Id(0)),
        turn, wall.ToUnixTimeMilliseconds(), partner.Value, policy.ToUnixTimeMilliseconds(), limit);

    /// <summary>Takes a mail for this process until <paramref name="until"/> (wall clock); null when somebody else has it or it went.</summary>
    public static ValueTask<OutboxRow?> ClaimAsync(Tx tx, MailId mail, DateTimeOffset wall, DateTimeOffset until, string messageId) => tx.OneAsync($"""
        UPDATE outbox SET leased_until_unix_ms = $4, message_id = coalesce(message_id, $5)
        WHERE partner_id = $1 AND outbox_id = $2 AND state = 'due' AND leased_until_unix_ms <= $3 RETURNING {OutboxRows.Columns}
        """, OutboxRows.Map, mail.Partner.Value, mail.Id, wall.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds(), messageId);

    /// <summary>Gives a mail back untouched.</summary>
    public static ValueTask<int> ReleaseAsync(Tx tx, MailId mail) => tx.ExecuteAsync(
        "UPDATE outbox SET leased_until_unix_ms = 0 WHERE partner_id = $1 AND outbox_id = $2", mail.Partner.Value, mail.Id);

    /// <summary>Gives back everything that a process of this database had taken; only where there is one process.</summary>
    public static ValueTask<int> ReleaseAllAsync(Tx tx) =>
        tx.ExecuteAsync("UPDATE outbox SET leased_until_unix_ms = 0 WHERE state = 'due' AND leased_until_unix_ms > 0");

    /// <summary>Takes back everything that is due.</summary>
    public static ValueTask<int> CancelAllAsync(Tx tx, DateTimeOffset wall) => tx.ExecuteAsync(
        "UPDATE outbox SET state = 'cancelled', ended_at_unix_ms = $1 WHERE state = 'due'", wall.ToUnixTimeMilliseconds());

    /// <summary>Notes an offer that leaves the mail due: next try not before <paramref name="next"/> (policy clock).</summary>
    public static ValueTask<int> PostponeAsync(Tx tx, MailId mail, string reply, bool unanswered, DateTimeOffset next) => tx.ExecuteAsync("""
        UPDATE outbox SET tries = tries + 1, unanswered = unanswered + $4, last_reply = $3, next_at_unix_ms = $5, leased_until_unix_ms = 0
        WHERE partner_id = $1 AND outbox_id = $2 AND state <> 'sent'
        """, mail.Partner.Value, mail.Id, reply, unanswered, next.ToUnixTimeMilliseconds());

    /// <summary>Notes the last offer: <paramref name="state"/> is how it ended. What was handed over stays handed over.</summary>
    public static ValueTask<int> EndAsync(Tx tx, MailId mail, string state, string reply, bool offered, bool unanswered, DateTimeOffset wall) =>
        tx.ExecuteAsync("""
        UPDATE outbox SET state = $3, tries = tries + $5, unanswered = unanswered + $6, last_reply = $4, ended_at_unix_ms = $7, leased_until_unix_ms = 0
        WHERE partner_id = $1 AND outbox_id = $2 AND state <> 'sent'
        """, mail.Partner.Value, mail.Id, state, reply, offered, unanswered, wall.ToUnixTimeMilliseconds());
}
