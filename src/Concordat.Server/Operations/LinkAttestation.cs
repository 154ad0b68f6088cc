using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// The partner says which customer declined: from then on that customer counts as one that refused, and has to be cancelled.
/// Once more changes nothing.
/// </summary>
internal sealed class LinkAttestation(OperationContext context, Actor actor, AttestationId id, CustomerId customer) : Operation<EnhancedAttestation>
{
    private readonly PlannedRead<AttestationRow> read = AttestationRows.PlanFind(actor.Partner.Id, id);
    private readonly PlannedRead<StandingRow> standing = StandingRows.PlanFind(actor.Partner.Id, customer);

    public override IReadOnlyList<long> Keys { get; } = [Attestations.LockOf(id), LockKeys.Of(actor.Partner.Id, customer)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    public override void Plan(List<PlannedRead> reads) => reads.AddRange([read, standing]);

    protected override async ValueTask<Outcome<EnhancedAttestation>> DecideAsync(Tx tx)
    {
        if (read.Rows is not [var row])
        {
            return Attestations.NotFound();
        }

        var found = standing.Rows is [var known, ..] ? known : null;
        if (Relationship.Check(found) is { } absent)
        {
            return absent;
        }

        var now = context.PolicyNow(actor.Partner.Environment);
        if (!row.Attestation.Link(customer, now).TryGetValue(out var linked, out var problem))
        {
            return problem;
        }

        if (linked != row.Attestation)
        {
            await AttestationRows.StepAsync(tx, row, linked, row.SubjectCustomer);
            await CustomerRefusals.WriteAsync(tx, context, actor.Partner, customer, found!.Facts, now, row.Answer!.Entry);
            await AuditRows.AddAsync(tx, Audit.Of(context, actor, customer, "link_attestation", "succeeded", null, id.ToString()));
        }

        return linked;
    }
}
