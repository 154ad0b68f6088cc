using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// The partner settles a dispute, with a reason: upheld, and the disputed record is withdrawn; or rejected, and it stands. Both are
/// new facts; nothing is removed. Settling it the same way again answers what is there; another way is refused.
/// </summary>
internal sealed class ResolveDispute(OperationContext context, Actor actor, CustomerId customer, FactId id, bool upheld, string reason) : Operation<FactRow>
{
    private readonly DateTimeOffset now = Attestations.Now(context, actor.Partner);

    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of(actor.Partner.Id, customer)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    private PartnerId Partner => actor.Partner.Id;

    protected override async ValueTask<Outcome<FactRow>> DecideAsync(Tx tx)
    {
        if (Relationship.Check(await StandingRows.FindAsync(tx, Partner, customer)) is { } absent)
        {
            return absent;
        }

        var facts = await FactRows.OfAsync(tx, Partner, customer);
        var dispute = facts.FirstOrDefault(row => row.Fact.Id == id && row.Fact.Kind == FactKind.Disputed);
        if (dispute is null)
        {
            return new Problem(ProblemCode.NotFound, "There is no such dispute.", "dispute");
        }

        var kind = upheld ? FactKind.Withdrawn : FactKind.DisputeResolved;
        if (Disputes.SettledBy(facts, dispute.Fact) is { } settled)
        {
            return settled.Fact.Kind == kind ? settled : new Problem(ProblemCode.StateConflict, "The dispute was settled already.", "dispute");
        }

        return await WriteAsync(tx, facts, dispute, kind);
    }

    private async ValueTask<FactRow> WriteAsync(Tx tx, List<FactRow> facts, FactRow dispute, FactKind kind)
    {
        var record = facts.Single(row => row.Fact.Id == dispute.Fact.Concerns);
        var subject = dispute.Fact.Contact is { } contact ? await SubjectRows.FindAsync(tx, Partner, customer, contact) : null;
        // What was written about a person who was erased since is not kept either.
        var disclosures = subject is null ? [] : Evidence.Salted(context,
            ("partner", Partner.ToString()), ("customer", customer.ToString()), ("attester", actor.Subject.ToString("D")),
            ("operator", actor.Operator), (Disputes.Words, reason));
        var evidence = Evidence.Of(Disputes.EntryOf(
            context, upheld ? "attestation.revoked" : "dispute.rejected", "partner", now, [record.Entry, dispute.Entry], disclosures));
        var fact = new FactRow(facts.Count + 1, new AgreementFact(new FactId(context.Ids.NewId()), kind, dispute.Fact.Type, now)
        {
            DateAgreed = now,
            Contact = dispute.Fact.Contact,
            Concerns = upheld ? record.Fact.Id : dispute.Fact.Id,
        }, "partner", actor.Subject, actor.Operator, evidence.Id);
        await FactRows.AddAsync(tx, Partner, customer, fact);
        await evidence.WriteAsync(
            tx, context.Vault, Partner, customer, subject is null ? null : Signatories.Known(context.Vault, Partner, subject));
        await Standings.RefoldAsync(tx, context, actor.Partner, customer);
        await AuditRows.AddAsync(tx, Audit.Of(context, actor, customer, "resolve_dispute", upheld ? "upheld" : "rejected", null, id.ToString()));
        return fact;
    }
}
