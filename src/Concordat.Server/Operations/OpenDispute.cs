using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// The signatory says "this was not me" about one record: the standing becomes disputed, the partner is alerted in the same
/// transaction, and the gate follows the partner's switch. Saying it again while it is open changes nothing. Refused once the record
/// counts no longer.
/// </summary>
internal sealed class OpenDispute(OperationContext context, Partner partner, SignatoryLinkRow link, string? words) : Operation<FactRow>
{
    private readonly DateTimeOffset now = Attestations.Now(context, partner);

    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of(partner.Id, link.Customer)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(partner.Id);

    protected override async ValueTask<Outcome<FactRow>> DecideAsync(Tx tx)
    {
        var facts = await FactRows.OfAsync(tx, partner.Id, link.Customer);
        var record = facts.FirstOrDefault(row => row.Fact.Id.Value == link.Reference);
        if (record is null || await SubjectRows.FindAsync(tx, partner.Id, link.Customer, link.Subject) is not { } subject)
        {
            return new Problem(ProblemCode.NotFound, "There is no such record.");
        }

        if (Disputes.OpenOf(facts, record.Fact.Id) is { } open)
        {
            return open;
        }

        if (!StandingFold.InForce(facts.Select(row => row.Fact)).Contains(record.Fact))
        {
            return new Problem(ProblemCode.StateConflict, "The record was corrected or withdrawn already.");
        }

        var evidence = Evidence.Of(Disputes.EntryOf(context, "attestation.disputed", "signatory", now, [record.Entry], Evidence.Salted(context,
            ("partner", partner.Id.ToString()), ("customer", link.Customer.ToString()), (Disputes.Words, words))));
        var dispute = new FactRow(facts.Count + 1, new AgreementFact(new FactId(context.Ids.NewId()), FactKind.Disputed, record.Fact.Type, now)
        {
            DateAgreed = now,
            Contact = link.Subject,
            Concerns = record.Fact.Id,
        }, "signatory", null, null, evidence.Id);
        await FactRows.AddAsync(tx, partner.Id, link.Customer, dispute);
        await evidence.WriteAsync(tx, context.Vault, partner.Id, link.Customer, Signatories.Known(context.Vault, partner.Id, subject));
        await Standings.RefoldAsync(tx, context, partner, link.Customer);
        await Outbox.QueueAsync(
            tx, context, partner.Id, new QueuedMail(MailKind.Alert, link.Customer, dispute.Fact.Id.Value, null) { Entry = evidence.Id }, now);
        return dispute;
    }
}
