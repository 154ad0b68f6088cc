using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>How an offer of a mail to the mail server ended.</summary>
internal enum MailOutcome
{
    /// <summary>The server has taken it; it answers for it from now on.</summary>
    HandedOver,

    /// <summary>Not now: the server said so, or the connection ended before the mail's last line.</summary>
    Later,

    /// <summary>Never: the server said so, or the mail cannot be sent at all.</summary>
    Refused,

    /// <summary>The connection ended after the mail's last line: whether the server has it is not known.</summary>
    Unanswered,

    /// <summary>Not wanted any more, so it was not offered.</summary>
    NotWanted,
}

/// <summary>
/// Keeps what became of an offer. A mail whose reply never came is offered once more under the same Message-ID and then
/// given up: zero copies would break the promise, more than two are a nuisance.
/// </summary>
/// <param name="context">Clocks and ids.</param>
/// <param name="mail">The mail as it was claimed.</param>
/// <param name="outcome">How it ended.</param>
/// <param name="reply">The codes of the reply, or where the connection ended.</param>
/// <param name="next">When to try again, by the policy clock; null to give up.</param>
internal sealed class RecordDelivery(OperationContext context, OutboxRow mail, MailOutcome outcome, string reply, DateTimeOffset? next) : Operation<bool>
{
    /// <summary>Offers without a reply before a mail is given up.</summary>
    public const int UnansweredLimit = 2;

    private readonly MailId id = new(mail.Partner, mail.Id);

    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of(mail.Id, 0)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(mail.Partner);

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx)
    {
        var wall = context.Clocks.Wall.GetUtcNow();
        var unanswered = outcome == MailOutcome.Unanswered;
        if (outcome is MailOutcome.Later or MailOutcome.Unanswered && next is { } again && !(unanswered && mail.Unanswered + 1 >= UnansweredLimit))
        {
            await MailQueueRows.PostponeAsync(tx, id, reply, unanswered, again);
        }
        else
        {
            await MailQueueRows.EndAsync(tx, id, EndState(), reply, outcome != MailOutcome.NotWanted, unanswered, wall);
        }

        if (outcome != MailOutcome.NotWanted)
        {
            await MailAttemptRows.AddAsync(tx, mail.Partner, new MailAttemptRow(mail.Id, context.Ids.NewId(), wall, Word(outcome), reply));
        }

        return true;
    }

    private string EndState() => outcome switch
    {
        MailOutcome.HandedOver => OutboxRow.StateSent,
        MailOutcome.NotWanted => OutboxRow.StateCancelled,
        _ => OutboxRow.StateFailed,
    };

    private static string Word(MailOutcome outcome) => outcome switch
    {
        MailOutcome.HandedOver => "handed-over",
        MailOutcome.Later => "later",
        MailOutcome.Refused => "refused",
        MailOutcome.Unanswered => "unanswered",
        _ => "not-wanted",
    };
}
