using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Queues a customer's mail once more, as a mail of its own that names the one it repeats. For mails that ended, whether they
/// were handed over or given up; a signatory is not written to more than <see cref="MostPerDay"/> times a day about one thing.
/// </summary>
internal sealed class ResendMail(OperationContext context, Actor actor, CustomerId customer, RequestKey? key, Guid mail)
    : RememberedOperation<Guid>(key, context.Clocks)
{
    public const int MostPerDay = 3;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(LockKeys.Of(actor.Partner.Id, customer));

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    protected override async ValueTask<Outcome<Guid>> CarryOutAsync(Tx tx)
    {
        var partner = actor.Partner.Id;
        if (Relationship.Check(await StandingRows.FindAsync(tx, partner, customer)) is { } absent)
        {
            return absent;
        }

        var row = await OutboxRows.FindAsync(tx, partner, mail);
        if (row is null || row.Customer != customer || row.Kind != Outbox.Word(MailKind.Notice))
        {
            return new Problem(ProblemCode.NotFound, "There is no such notice.", "notice");
        }

        if (row.State == OutboxRow.StateDue)
        {
            return new Problem(ProblemCode.StateConflict, "The notice has not been sent yet; it is still being tried.", "notice");
        }

        var now = context.PolicyNow(actor.Partner.Environment);
        var recent = (await OutboxRows.OfReferenceAsync(tx, partner, row.Reference)).Where(one => one.Repeats is not null && one.Created > now - Day).ToList();
        if (recent.Count >= MostPerDay)
        {
            return new Problem(ProblemCode.TooManyRequests, $"The notice was sent again {MostPerDay} times within a day; that is enough.", "notice")
            {
                RetryAfter = recent[0].Created + Day - now,
            };
        }

        var again = new QueuedMail(MailKind.Notice, customer, row.Reference, row.Subject) { Entry = row.Entry, Repeats = row.Repeats ?? row.Id };
        var id = await Outbox.QueueAsync(tx, context, partner, again, now);
        await AuditRows.AddAsync(tx, Audit.Of(context, actor, customer, "resend_notice", "succeeded", null, row.Id.ToString("D")));
        return id;
    }

    protected override string Remember(Guid value) => value.ToString("D");

    protected override ValueTask<Guid> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(Guid.ParseExact(kept, "D"));
}
