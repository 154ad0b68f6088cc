using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>One offer of a mail to the mail server, by the wall clock; codes only, never the server's words.</summary>
internal sealed record MailAttemptRow(Guid Mail, Guid Id, DateTimeOffset At, string Outcome, string Reply);

/// <summary>What became of each offer.</summary>
internal static class MailAttemptRows
{
    private static readonly Insert Into = new("mail_attempts",
        "partner_id bytea, outbox_id bytea, attempt_id bytea, at_unix_ms bigint, outcome text, reply text");

    public static ValueTask AddAsync(Tx tx, PartnerId partner, MailAttemptRow row) => tx.InsertAsync(Into,
        partner.Value, row.Mail, row.Id, row.At.ToUnixTimeMilliseconds(), row.Outcome, row.Reply);

    /// <summary>Every offer of a customer's mails, oldest first.</summary>
    public static ValueTask<List<MailAttemptRow>> OfCustomerAsync(Tx tx, PartnerId partner, CustomerId customer) => tx.ManyAsync("""
        SELECT a.outbox_id, a.attempt_id, a.at_unix_ms, a.outcome, a.reply FROM outbox o
        JOIN mail_attempts a ON a.partner_id = o.partner_id AND a.outbox_id = o.outbox_id
        WHERE o.partner_id = $1 AND o.customer_id = $2 ORDER BY a.attempt_id
        """, row => new MailAttemptRow(row.Id(0), row.Id(1), DateTimeOffset.FromUnixTimeMilliseconds(row.Long(2)), row.Text(3), row.Text(4)),
        partner.Value, customer.Value);
}
