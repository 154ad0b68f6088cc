using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>What the partner says was accepted, by whom, and when.</summary>
/// <param name="Type">The agreement, as the template decides.</param>
/// <param name="Contact">The customer's signatory.</param>
/// <param name="DateAgreed">When they accepted, UTC.</param>
/// <param name="Method">By which route the partner says so: <c>partner-legacy</c>, <c>partner-bulk</c>, <c>partner-enhanced</c>.</param>
/// <param name="Channel">The timeline's word for the route.</param>
internal sealed record Confirmation(AgreementType Type, Contact Contact, DateTimeOffset DateAgreed, string Method, Channel Channel)
{
    /// <summary>What the signatory was shown; null where the partner's word is all there is.</summary>
    public ShownAgreement? Shown { get; init; }
}

/// <summary>What a signatory was shown before accepting.</summary>
/// <param name="Attestation">On the page of which attestation.</param>
/// <param name="Company">For which company, as the page said.</param>
/// <param name="Version">Of the text.</param>
/// <param name="Agreement">The text, by digest.</param>
/// <param name="Screen">The page around it, by digests.</param>
/// <param name="Assurance">How well it is known who accepted.</param>
/// <param name="Entry">The ledger entry of the presentation.</param>
internal sealed record ShownAgreement(
    AttestationId Attestation, string Company, byte Version, AgreementReference Agreement, ScreenReference Screen, Assurance Assurance, EntryId Entry);

/// <summary>A confirmation on record.</summary>
/// <param name="Type">The agreement.</param>
/// <param name="Contact">The signatory.</param>
/// <param name="DateAgreed">When they accepted, UTC.</param>
/// <param name="Attester">Object id of the partner's user or application that confirmed it; null for imported history.</param>
/// <param name="Entry">The ledger entry of the record.</param>
internal sealed record ConfirmedAgreement(AgreementType Type, Contact Contact, DateTimeOffset DateAgreed, Guid? Attester, EntryId Entry);

/// <summary>
/// Records a partner's confirmation that a customer accepted. Refused for a customer that is not the partner's, in a
/// national cloud, a template that the timeline does not take now, the same signatory while their record is valid, and after
/// the legacy call's retirement where the partner's switch says so.
/// When it answers, the fact, its ledger entry, the standing, the notice and the request id are durable together.
/// </summary>
internal sealed class ConfirmAcceptance(
    OperationContext context, Actor actor, CustomerId customer, RequestKey? key, Confirmation said)
    : RememberedOperation<ConfirmedAgreement>(key, context.Clocks)
{
    /// <summary>By when the signatory has to have the notice (promised within 30 minutes).</summary>
    public static readonly TimeSpan NoticeWithin = TimeSpan.FromMinutes(30);

    private readonly Confirming confirming = new(context, actor, customer, said);
    private readonly Signatory prepared = Signatories.Prepare(context, actor.Partner.Id, said.Contact);

    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(LockKeys.Of(actor.Partner.Id, customer));

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    public override void Plan(List<PlannedRead> reads)
    {
        base.Plan(reads);
        confirming.Plan(reads);
    }

    protected override async ValueTask<Outcome<ConfirmedAgreement>> CarryOutAsync(Tx tx)
    {
        if ((confirming.Refusal() ?? Refusal()) is { } refused)
        {
            return refused;
        }

        var signatory = confirming.Recognise(prepared);
        if (await confirming.DuplicateAsync(tx, signatory) is { } duplicate)
        {
            return duplicate;
        }

        if (signatory.New is not null)
        {
            await Signatories.AddAsync(tx, actor.Partner.Id, customer, signatory, confirming.Now);
        }

        return await confirming.WriteAsync(tx, signatory);
    }

    protected override string Remember(ConfirmedAgreement value) => value.Entry.ToString();

    protected override ValueTask<ConfirmedAgreement> ReplayAsync(Tx tx, string kept) => confirming.ReplayAsync(tx, kept);

    private Problem? Refusal()
    {
        var terms = confirming.Terms;
        if (terms.LegacyDeprecated && actor.Partner.Switches.LegacyAfterRetirement != LegacyAnswer.Works)
        {
            return new Problem(ProblemCode.LegacyCallRetired, "Confirmations without an enhanced attestation are no longer taken.");
        }

        return terms.MayAttest(said.Type) ? null : new Problem(ProblemCode.TemplateNotSupported,
            $"The template {TemplateCatalogue.Of(said.Type).Id} cannot be confirmed this way at this date.", "templateId");
    }
}
