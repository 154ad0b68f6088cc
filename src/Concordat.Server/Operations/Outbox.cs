using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>The kinds of mail; each has one composer in <c>Background/Mails</c>.</summary>
internal enum MailKind
{
    /// <summary>To the signatory, after a partner's confirmation.</summary>
    Notice,

    /// <summary>A one-time code that somebody waits for.</summary>
    Code,

    /// <summary>To a customer: accept directly.</summary>
    Invitation,

    /// <summary>The same again, for whom has not answered.</summary>
    Reminder,

    /// <summary>To the partner: a dispute, a refusal.</summary>
    Alert,
}

/// <summary>A mail to be queued; its text is made from the rows it names when it is sent.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Customer">The customer concerned, where one is known.</param>
/// <param name="Reference">The id of what it is about: a fact, an attestation, an invitation, a dispute.</param>
/// <param name="Recipient">The person it goes to; null where the composer knows the address otherwise.</param>
internal sealed record QueuedMail(MailKind Kind, CustomerId? Customer, Guid Reference, SubjectId? Recipient)
{
    /// <summary>The ledger entry of what it tells about.</summary>
    public EntryId? Entry { get; init; }

    /// <summary>The mail that this one sends again.</summary>
    public Guid? Repeats { get; init; }

    /// <summary>Not before this, by the policy clock; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}

/// <summary>How an operation has a mail sent: queued in its own transaction, so that it goes out if and only if that commits.</summary>
internal static class Outbox
{
    /// <summary>
    /// Queues a mail and answers its id. <paramref name="now"/> is by the partner's policy clock. Call it where the operation
    /// writes; it sends nothing itself.
    /// </summary>
    public static async ValueTask<Guid> QueueAsync(Tx tx, OperationContext context, PartnerId partner, QueuedMail mail, DateTimeOffset now)
    {
        var id = context.Ids.NewId();
        var from = mail.NotBefore ?? now;
        await OutboxRows.AddAsync(tx, new OutboxRow(
            partner, id, Word(mail.Kind), mail.Customer, mail.Reference, mail.Recipient, mail.Entry, mail.Repeats, from + Promise(mail.Kind), now)
        {
            Turn = mail.Kind == MailKind.Code ? 0 : 1,
            Next = from,
        });
        return id;
    }

    /// <summary>Takes back what was queued and not sent yet, as when an invitation is withdrawn; answers how many mails that were.</summary>
    public static ValueTask<int> CancelAsync(Tx tx, OperationContext context, PartnerId partner, MailKind kind, Guid reference) =>
        OutboxRows.CancelAsync(tx, partner, Word(kind), reference, context.Clocks.Wall.GetUtcNow());

    /// <summary>The kind as it is stored.</summary>
    public static string Word(MailKind kind) => kind switch
    {
        MailKind.Notice => "notice",
        MailKind.Code => "code",
        MailKind.Invitation => "invitation",
        MailKind.Reminder => "reminder",
        MailKind.Alert => "alert",
    };

    /// <summary>How long after it may go a mail has to be handed over: a code within seconds, everything else as notices are promised.</summary>
    public static TimeSpan Promise(MailKind kind) => kind == MailKind.Code ? TimeSpan.FromSeconds(10) : ConfirmAcceptance.NoticeWithin;
}
