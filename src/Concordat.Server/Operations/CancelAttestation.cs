using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>The partner takes back an attestation that nobody has answered; a code on its way to the mailbox is not sent any more.</summary>
internal sealed class CancelAttestation(OperationContext context, Actor actor, AttestationId id) : Operation<EnhancedAttestation>
{
    private readonly PlannedRead<AttestationRow> read = AttestationRows.PlanFind(actor.Partner.Id, id);

    public override IReadOnlyList<long> Keys { get; } = [Attestations.LockOf(id)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    public override void Plan(List<PlannedRead> reads) => reads.Add(read);

    protected override async ValueTask<Outcome<EnhancedAttestation>> DecideAsync(Tx tx)
    {
        if (read.Rows is not [var row])
        {
            return Attestations.NotFound();
        }

        if (!row.Attestation.Cancel(context.PolicyNow(actor.Partner.Environment)).TryGetValue(out var cancelled, out var problem))
        {
            return problem;
        }

        if (cancelled != row.Attestation)
        {
            await AttestationRows.StepAsync(tx, row, cancelled, row.SubjectCustomer);
            await Outbox.CancelAsync(tx, context, actor.Partner.Id, MailKind.Code, id.Value);
            await AuditRows.AddAsync(tx, Audit.Of(context, actor, cancelled.Customer, "cancel_attestation", "succeeded", null, id.ToString()));
        }

        return cancelled;
    }
}
