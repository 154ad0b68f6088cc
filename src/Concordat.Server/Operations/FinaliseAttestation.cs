using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Makes the agreement of an accepted attestation: the confirmation of what the signatory accepted on the page, when they did.
/// An attestation is used once, for one customer.
/// </summary>
internal sealed class FinaliseAttestation : RememberedOperation<ConfirmedAgreement>
{
    /// <summary>The method of such a confirmation.</summary>
    public const string Method = "partner-enhanced";

    private readonly OperationContext context;
    private readonly Actor actor;
    private readonly CustomerId customer;
    private readonly EnhancedAttestation seen;
    private readonly Confirming confirming;
    private readonly PlannedRead<AttestationRow> read;

    /// <param name="context">What operations work with.</param>
    /// <param name="actor">The partner's application.</param>
    /// <param name="customer">For whom.</param>
    /// <param name="key">The request's key.</param>
    /// <param name="opened">The attestation as it was read before; its content never changes, its state is read anew.</param>
    public FinaliseAttestation(OperationContext context, Actor actor, CustomerId customer, RequestKey? key, OpenedAttestation opened)
        : base(key, context.Clocks)
    {
        (this.context, this.actor, this.customer, seen) = (context, actor, customer, opened.Attestation);
        read = AttestationRows.PlanFind(actor.Partner.Id, seen.Id);
        confirming = new Confirming(context, actor, customer, new Confirmation(
            EnhancedAttestation.Type, opened.Contact ?? new Contact("", "", "", null), seen.EndedAt ?? seen.CreatedAt, Method, Channel.Api)
        {
            Shown = opened.Row.Answer is { } answer
                ? new ShownAgreement(seen.Id, opened.Company ?? "", answer.TextVersion, Attestations.ReferenceOf(seen, answer),
                    Attestations.ScreenOf(answer.Shown), answer.Assurance, answer.Entry)
                : null,
        });
    }

    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(Attestations.LockOf(seen.Id), LockKeys.Of(actor.Partner.Id, customer));

    public override PartnerScope Scope => field ??= PartnerScope.Of(actor.Partner.Id);

    /// <summary>Who asks.</summary>
    public Actor Actor => actor;

    /// <summary>For whom.</summary>
    public CustomerId Customer => customer;

    /// <summary>Of which attestation.</summary>
    public AttestationId Attestation => seen.Id;

    public override void Plan(List<PlannedRead> reads)
    {
        base.Plan(reads);
        confirming.Plan(reads);
        reads.Add(read);
    }

    protected override async ValueTask<Outcome<ConfirmedAgreement>> CarryOutAsync(Tx tx)
    {
        if (confirming.Refusal() is { } refused)
        {
            return refused;
        }

        if (read.Rows is not [{ Subject: { } subject } row])
        {
            return Attestations.NotFound();
        }

        if (!row.Attestation.Finalise(customer, confirming.Now).TryGetValue(out var finalised, out var problem))
        {
            return problem;
        }

        if (seen.State != AttestationState.Accepted)
        {
            // Accepted between the read and now: what was shown is not at hand, and nobody knows it from an answer yet.
            return new Problem(ProblemCode.RequestInFlight, "The signatory is answering at this moment. Repeat the request.") { RetryAfter = TimeSpan.FromSeconds(1) };
        }

        var own = new Signatory(subject.Id, context.Vault.Unwrap(actor.Partner.Id, subject.WrappedKey), subject, []);
        var signatory = confirming.Recognise(own);
        if (await confirming.DuplicateAsync(tx, signatory) is { } duplicate)
        {
            return duplicate;
        }

        // The person whom the customer's records know already stays the signatory; what opens the presentation moves along.
        var kind = signatory.New is null ? Attestations.SubjectKind : Signatories.Kind;
        await SubjectRows.MoveAsync(tx, actor.Partner.Id, row.SubjectCustomer, subject.Id, customer, kind);
        await LedgerRows.MoveDisclosuresAsync(tx, actor.Partner.Id, row.Answer!.Entry, customer);
        var confirmed = await confirming.WriteAsync(tx, signatory);
        await AttestationRows.StepAsync(tx, row, finalised, customer, confirmed.Entry);
        return confirmed;
    }

    protected override string Remember(ConfirmedAgreement value) => value.Entry.ToString();

    protected override ValueTask<ConfirmedAgreement> ReplayAsync(Tx tx, string kept) => confirming.ReplayAsync(tx, kept);
}
