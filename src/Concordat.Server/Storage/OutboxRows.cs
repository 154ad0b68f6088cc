using System.Data.Common;
using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>
/// One mail on its way, without a word of its text: that is made from the rows it names when it is sent.
/// Due, Created and Next are by the policy clock, Ended by the wall clock.
/// </summary>
/// <param name="Partner">On whose behalf it is sent.</param>
/// <param name="Id">Also what its Message-ID is derived from.</param>
/// <param name="Kind">The word of a kind of mail.</param>
/// <param name="Customer">The customer concerned, where one is known.</param>
/// <param name="Reference">What it is about: a fact, an attestation, an invitation, a dispute.</param>
/// <param name="Subject">The person it goes to, where they are on record.</param>
/// <param name="Entry">The ledger entry of what it tells about.</param>
/// <param name="Repeats">The mail that this one sends again.</param>
/// <param name="Due">By when it has to be handed over.</param>
/// <param name="Created">When it was queued.</param>
internal sealed record OutboxRow(
    PartnerId Partner, Guid Id, string Kind, CustomerId? Customer, Guid Reference, SubjectId? Subject, EntryId? Entry, Guid? Repeats,
    DateTimeOffset Due, DateTimeOffset Created)
{
    /// <summary>Waits until it is handed over, or until nobody tries any more.</summary>
    public const string StateDue = "due";

    /// <summary>The mail server has taken it.</summary>
    public const string StateSent = "sent";

    /// <summary>Refused for good, or given up.</summary>
    public const string StateFailed = "failed";

    /// <summary>Not wanted any more before it was sent.</summary>
    public const string StateCancelled = "cancelled";

    public string State { get; init; } = StateDue;

    /// <summary>0 goes before everything else, 1 is the rest.</summary>
    public long Turn { get; init; } = 1;

    /// <summary>Not before this, by the policy clock.</summary>
    public DateTimeOffset Next { get; init; } = Created;

    /// <summary>How often it was offered to the mail server.</summary>
    public long Tries { get; init; }

    /// <summary>How often the connection ended between the mail's last line and the server's answer.</summary>
    public long Unanswered { get; init; }

    /// <summary>Without the angle brackets; null before the first try.</summary>
    public string? MessageId { get; init; }

    /// <summary>The last answer by its codes; see the table mail_attempts.</summary>
    public string? LastReply { get; init; }

    public DateTimeOffset? Ended { get; init; }
}

/// <summary>Mails that follow a commit: queued with it, found again by customer or by what they are about.</summary>
internal static class OutboxRows
{
    /// <summary>What <see cref="Map"/> reads.</summary>
    internal const string Columns = """
        partner_id, outbox_id, kind, customer_id, reference_id, subject_id, entry_id, repeats_id, due_at_unix_ms, created_at_unix_ms,
        state, turn, next_at_unix_ms, tries, unanswered, message_id, last_reply, ended_at_unix_ms
        """;

    private static readonly Insert Into = new("outbox",
        "partner_id bytea, outbox_id bytea, kind text, customer_id bytea, reference_id bytea, subject_id bytea, entry_id bytea, repeats_id bytea, due_at_unix_ms bigint, created_at_unix_ms bigint, turn bigint, next_at_unix_ms bigint");

    public static ValueTask AddAsync(Tx tx, OutboxRow row) => tx.InsertAsync(Into,
        row.Partner.Value, row.Id, row.Kind, row.Customer?.Value, row.Reference, row.Subject?.Value, row.Entry?.Value, row.Repeats,
        row.Due.ToUnixTimeMilliseconds(), row.Created.ToUnixTimeMilliseconds(), row.Turn, row.Next.ToUnixTimeMilliseconds());

    public static ValueTask<OutboxRow?> FindAsync(Tx tx, PartnerId partner, Guid id) =>
        tx.OneAsync($"SELECT {Columns} FROM outbox WHERE partner_id = $1 AND outbox_id = $2", Map, partner.Value, id);

    /// <summary>Everything about a customer, oldest first.</summary>
    public static ValueTask<List<OutboxRow>> OfCustomerAsync(Tx tx, PartnerId partner, CustomerId customer) => tx.ManyAsync(
        $"SELECT {Columns} FROM outbox WHERE partner_id = $1 AND customer_id = $2 ORDER BY outbox_id", Map, partner.Value, customer.Value);

    /// <summary>Everything about one fact, attestation, invitation or dispute, oldest first.</summary>
    public static ValueTask<List<OutboxRow>> OfReferenceAsync(Tx tx, PartnerId partner, Guid reference) => tx.ManyAsync(
        $"SELECT {Columns} FROM outbox WHERE partner_id = $1 AND reference_id = $2 ORDER BY outbox_id", Map, partner.Value, reference);

    /// <summary>The last mails that reached nobody, newest first.</summary>
    public static ValueTask<List<OutboxRow>> FailedAsync(Tx tx, PartnerId partner, int limit) => tx.ManyAsync(
        $"SELECT {Columns} FROM outbox WHERE partner_id = $1 AND state = 'failed' ORDER BY outbox_id DESC LIMIT $2", Map, partner.Value, limit);

    /// <summary>Takes back what has not been sent; answers how many mails that were.</summary>
    public static ValueTask<int> CancelAsync(Tx tx, PartnerId partner, string kind, Guid reference, DateTimeOffset wall) => tx.ExecuteAsync("""
        UPDATE outbox SET state = 'cancelled', ended_at_unix_ms = $4
        WHERE partner_id = $1 AND reference_id = $2 AND kind = $3 AND state = 'due'
        """, partner.Value, reference, kind, wall.ToUnixTimeMilliseconds());

    internal static OutboxRow Map(DbDataReader row) => new(
        new PartnerId(row.Id(0)), row.Id(1), row.Text(2), row.IdOrNull(3) is { } customer ? new CustomerId(customer) : null, row.Id(4),
        row.IdOrNull(5) is { } subject ? new SubjectId(subject) : null, row.IdOrNull(6) is { } entry ? new EntryId(entry) : null,
        row.IdOrNull(7), Instant(row.Long(8)), Instant(row.Long(9)))
    {
        State = row.Text(10),
        Turn = row.Long(11),
        Next = Instant(row.Long(12)),
        Tries = row.Long(13),
        Unanswered = row.Long(14),
        MessageId = row.TextOrNull(15),
        LastReply = row.TextOrNull(16),
        Ended = row.LongOrNull(17) is { } ended ? Instant(ended) : null,
    };

    private static DateTimeOffset Instant(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
}
