using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>What a partner asks a signatory to accept.</summary>
/// <param name="Country">Alpha-2, upper case, one that customers can have.</param>
/// <param name="Language">Tag in its usual casing; one that the country does not offer is shown in English.</param>
/// <param name="Company">Who accepts.</param>
/// <param name="Contact">By which person.</param>
/// <param name="Customer">The customer, where there is one already.</param>
/// <param name="MinimumAssurance">The least that the answer needs.</param>
/// <param name="Address">The network address that asks; null when not known.</param>
internal sealed record AttestationRequest(
    string Country, string Language, string Company, Contact Contact, CustomerId? Customer, Assurance MinimumAssurance, string? Address)
{
    /// <summary>The program or browser that asks, as it names itself; null when not known.</summary>
    public string? UserAgent { get; init; }
}

/// <summary>
/// Makes an enhanced attestation, which waits for the signatory. Refused while the timeline has none, and, where the customer
/// is named, for a customer that is not the partner's, in a national cloud, and for a signatory already on record (600061).
/// <paramref name="chosen"/> is the id where it must be known before, as in the sandbox; random by default.
/// </summary>
internal sealed class CreateAttestation(OperationContext context, Actor actor, RequestKey? key, AttestationRequest asked, AttestationId? chosen = null)
    : RememberedOperation<OpenedAttestation>(key, context.Clocks)
{
    private readonly AttestationId id = chosen ?? new AttestationId(context.Ids.NewRandomId());
    private readonly Signatory prepared = Signatories.Prepare(context, actor.Partner.Id, asked.Contact);
    private readonly Confirming? confirming = asked.Customer is { } customer
        ? new Confirming(context, actor, customer, new Confirmation(EnhancedAttestation.Type, asked.Contact, context.PolicyNow(actor.Partner.Environment), FinaliseAttestation.Method, Channel.Api))
        : null;

    public override IReadOnlyList<long> Keys => field ??= asked.Customer is { } customer
        ? WithRequestKey(Attestations.LockOf(id), LockKeys.Of(actor.Partner.Id, customer))
        : WithRequestKey(Attestations.LockOf(id));

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    public override void Plan(List<PlannedRead> reads)
    {
        base.Plan(reads);
        confirming?.Plan(reads);
    }

    protected override async ValueTask<Outcome<OpenedAttestation>> CarryOutAsync(Tx tx)
    {
        var now = Attestations.Now(context, actor.Partner);
        if (!context.Timeline.Attestation(actor.Partner.Environment, Channel.Api, now).EnhancedAvailable)
        {
            return new Problem(ProblemCode.NotFound, "There is no enhanced attestation at this date.");
        }

        if (confirming is not null
            && (confirming.Refusal() ?? await confirming.DuplicateAsync(tx, confirming.Recognise(prepared))) is { } refused)
        {
            return refused with { Field = refused.Code == ProblemCode.CustomerNotFound ? "customerTenantId" : refused.Field };
        }

        var attestation = new EnhancedAttestation(
            id, AttestationState.Pending, asked.Country, asked.Language, asked.Customer,
            AssuranceWords.Stricter(asked.MinimumAssurance, actor.Partner.Switches.MinimumAssurance), now, now + actor.Partner.Switches.AttestationLifetime);
        var row = new AttestationRow(
            actor.Partner.Id, attestation, 1, Attestations.SealText(context.Vault, prepared.Key, asked.Company), prepared.New,
            Attestations.NoCustomer, Attestations.NetworkHash(context.Vault, actor.Partner.Id, asked.Address), null, null, null)
        {
            CreatorAgent = Attestations.AgentHash(context.Vault, actor.Partner.Id, asked.UserAgent),
        };
        await SubjectRows.AddAsync(
            tx, actor.Partner.Id, Attestations.NoCustomer, Attestations.SubjectKind, prepared.New!, prepared.EmailHash, now);
        await AttestationRows.AddAsync(tx, row, new AttestationCreator(actor.Subject, actor.App, actor.Operator));
        await AuditRows.AddAsync(tx, Audit.Of(context, actor, asked.Customer, "create_attestation", "succeeded", null, id.ToString()));
        return new OpenedAttestation(row, asked.Contact, asked.Company, null);
    }

    protected override string Remember(OpenedAttestation value) => value.Attestation.Id.ToString();

    protected override async ValueTask<OpenedAttestation> ReplayAsync(Tx tx, string kept) => Attestations.Open(
        context.Vault, (await AttestationRows.FindAsync(tx, actor.Partner.Id, new AttestationId(Guid.ParseExact(kept, "D"))))!);
}
