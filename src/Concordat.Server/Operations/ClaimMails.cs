using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>A mail that this process may hand over, and the signatory's link that goes with this copy of it.</summary>
/// <param name="Row">The mail.</param>
/// <param name="Until">By the wall clock: after this, another process may have it.</param>
/// <param name="SignatoryToken">What stands in the link to the signatory's own page; null where there is none.</param>
internal sealed record ClaimedMail(OutboxRow Row, DateTimeOffset Until, string? SignatoryToken)
{
    public MailId Id => new(Row.Partner, Row.Id);
}

/// <summary>
/// Takes mails for this process for a while, so that no other sends them too. What somebody else took meanwhile is left
/// out. The Message-ID is fixed with the first claim.
/// </summary>
internal sealed class ClaimMails(OperationContext context, IReadOnlyList<MailId> mails, TimeSpan lease, string domain) : Operation<List<ClaimedMail>>
{
    // One key for all claims: nodes that claim at once would mostly ask for the same mails.
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of("claim mails")];

    public override PartnerScope Scope { get; } = PartnerScope.Of(mails.Select(mail => mail.Partner));

    protected override async ValueTask<Outcome<List<ClaimedMail>>> DecideAsync(Tx tx)
    {
        var wall = context.Clocks.Wall.GetUtcNow();
        var claimed = new List<ClaimedMail>(mails.Count);
        foreach (var mail in mails)
        {
            if (await MailQueueRows.ClaimAsync(tx, mail, wall, wall + lease, $"{mail.Id:N}@{domain}") is { } row)
            {
                claimed.Add(new ClaimedMail(row, wall + lease, await LinkAsync(tx, row, wall)));
            }
        }

        return claimed;
    }

    private async ValueTask<string?> LinkAsync(Tx tx, OutboxRow row, DateTimeOffset wall)
    {
        if (row.Kind != Outbox.Word(MailKind.Notice) || row.Customer is not { } customer || row.Subject is not { } subject)
        {
            return null;
        }

        var link = SignatoryLink.New(row.Partner, context.Ids);
        await SignatoryLinkRows.AddAsync(tx, link.Hash, new SignatoryLinkRow(row.Partner, customer, subject, row.Reference, row.Id, wall));
        return link.Token;
    }
}

/// <summary>Gives claimed mails back untouched: the mail server is away, or this process stops.</summary>
internal sealed class ReleaseMail(MailId mail) : Operation<bool>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of(mail.Id, 0)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(mail.Partner);

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx) => await MailQueueRows.ReleaseAsync(tx, mail) > 0;
}

/// <summary>Gives back what a process that was killed had claimed; at the start of the only process of a database.</summary>
internal sealed class ReleaseEveryMail : Operation<bool>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of("claim mails")];

    public override PartnerScope Scope => PartnerScope.Everything;

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx) => await MailQueueRows.ReleaseAllAsync(tx) > 0;
}

/// <summary>Takes back every mail that is due, for a seed that plays history.</summary>
internal sealed class CancelEveryMail(OperationContext context) : Operation<bool>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of("claim mails")];

    public override PartnerScope Scope => PartnerScope.Everything;

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx) =>
        await MailQueueRows.CancelAllAsync(tx, context.Clocks.Wall.GetUtcNow()) > 0;
}
