using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Why a customer is asked to accept directly.</summary>
internal static class Invitations
{
    /// <summary>The kind of somebody who gets an invitation.</summary>
    public const string SubjectKind = "invited";

    /// <summary>Nothing is on record.</summary>
    public const string Never = "never";

    /// <summary>What is on record is too old, now or from a date on.</summary>
    public const string Outdated = "outdated";

    /// <summary>The customer said no before.</summary>
    public const string Declined = "declined";

    /// <summary>A signatory disputes the record.</summary>
    public const string Disputed = "disputed";

    /// <summary>The partner's confirmation counts; the customer's own acceptance would make the next one unnecessary.</summary>
    public const string Wanted = "wanted";

    /// <summary>The reason by the gate's own verdict, with the date from which orders are refused; refused where there is nothing to ask for.</summary>
    public static Outcome<(string Word, DateTimeOffset? RefusedFrom)> ReasonOf(OperationContext context, Partner partner, Standing standing, DateTimeOffset now)
    {
        if (standing.Has(StandingFlags.NationalCloud))
        {
            return new Problem(ProblemCode.NationalCloud, "The customer is in a national cloud, where there is nothing to accept.");
        }

        if (standing.Has(StandingFlags.AcceptedDirectly) && !standing.Has(StandingFlags.Refused))
        {
            return new Problem(ProblemCode.StateConflict, "The customer has accepted directly already.");
        }

        var question = new GateQuestion(standing, ActionClass.NewPurchase, Channel.Api, partner.Environment, now, partner.Switches);
        var decision = Gate.Decide(question, context.Timeline);
        return standing switch
        {
            _ when standing.Has(StandingFlags.Refused) => (Declined, null),
            _ when standing.Has(StandingFlags.Disputed) => (Disputed, null),
            { Attested: false } => (Never, null),
            _ when !decision.Permitted => (Outdated, decision.Since),
            _ when Gate.NextChange(question, context.Timeline) is { } change => (Outdated, change),
            _ => (Wanted, null),
        };
    }
}

/// <summary>An invitation as it was asked for.</summary>
/// <param name="Recipient">Who gets the mail; null where the partner sends the text itself.</param>
/// <param name="Language">One that has texts; null for the customer's.</param>
/// <param name="RemindAfter">How long after it the one reminder goes; null for none.</param>
internal sealed record AskedInvitation(Contact? Recipient, string Language, TimeSpan? RemindAfter);

/// <summary>Asks a customer to accept directly: the mail and its reminder are queued with it.</summary>
internal sealed class Invite(OperationContext context, Actor actor, CustomerId customer, RequestKey? key, AskedInvitation asked)
    : RememberedOperation<InvitationRow>(key, context.Clocks)
{
    private readonly DateTimeOffset now = Attestations.Now(context, actor.Partner);
    private readonly Signatory? prepared = asked.Recipient is { } contact ? Signatories.Prepare(context, actor.Partner.Id, contact) : null;

    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(LockKeys.Of(actor.Partner.Id, customer));

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    private PartnerId Partner => actor.Partner.Id;

    protected override async ValueTask<Outcome<InvitationRow>> CarryOutAsync(Tx tx)
    {
        var standing = await StandingRows.FindAsync(tx, Partner, customer);
        if (Relationship.Check(standing) is { } absent)
        {
            return absent;
        }

        if (!Invitations.ReasonOf(context, actor.Partner, standing!.Standing, now).TryGetValue(out var reason, out var problem))
        {
            return problem;
        }

        var row = new InvitationRow(context.Ids.NewId(), customer, prepared?.Id, asked.Language, reason.Word, reason.RefusedFrom, now, null, null);
        if (prepared is not null)
        {
            await SubjectRows.AddAsync(tx, Partner, customer, Invitations.SubjectKind, prepared.New!, prepared.EmailHash, now);
        }

        await InvitationRows.AddAsync(tx, Partner, row);
        if (prepared is not null)
        {
            await Outbox.QueueAsync(tx, context, Partner, new QueuedMail(MailKind.Invitation, customer, row.Id, prepared.Id), now);
            if (asked.RemindAfter is { } wait)
            {
                await Outbox.QueueAsync(tx, context, Partner, new QueuedMail(MailKind.Reminder, customer, row.Id, prepared.Id) { NotBefore = now + wait }, now);
            }
        }

        await AuditRows.AddAsync(tx, Audit.Of(context, actor, customer, "invite", "succeeded", null, row.Id.ToString("D")));
        return row;
    }

    protected override string Remember(InvitationRow value) => value.Id.ToString("D");

    protected override async ValueTask<InvitationRow> ReplayAsync(Tx tx, string kept) =>
        (await InvitationRows.FindAsync(tx, Partner, Guid.ParseExact(kept, "D")))!;
}

/// <summary>Takes an invitation back: what has not been sent is not sent any more. Once more changes nothing.</summary>
internal sealed class CancelInvitation(OperationContext context, Actor actor, CustomerId customer, Guid id) : Operation<bool>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of(actor.Partner.Id, customer)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx)
    {
        if (Relationship.Check(await StandingRows.FindAsync(tx, actor.Partner.Id, customer)) is { } absent)
        {
            return absent;
        }

        if (await InvitationRows.FindAsync(tx, actor.Partner.Id, id) is not { } row || row.Customer != customer)
        {
            return new Problem(ProblemCode.NotFound, "There is no such invitation.", "invitation");
        }

        await InvitationRows.CancelAsync(tx, actor.Partner.Id, id, Attestations.Now(context, actor.Partner));
        await Outbox.CancelAsync(tx, context, actor.Partner.Id, MailKind.Invitation, id);
        await Outbox.CancelAsync(tx, context, actor.Partner.Id, MailKind.Reminder, id);
        return true;
    }
}

/// <summary>Somebody of the customer has the page on their screen: every partner's invitation counts as opened.</summary>
internal sealed class OpenInvitations(OperationContext context, CustomerId customer, IReadOnlyList<Partner> partners) : Operation<bool>
{
    public override IReadOnlyList<long> Keys { get; } = [.. partners.Select(partner => LockKeys.Of(partner.Id, customer))];

    public override PartnerScope Scope { get; } = PartnerScope.Of(partners.Select(partner => partner.Id));

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx)
    {
        var opened = 0;
        foreach (var partner in partners)
        {
            opened += await InvitationRows.OpenAsync(tx, partner.Id, customer, Attestations.Now(context, partner));
        }

        return opened > 0;
    }
}
