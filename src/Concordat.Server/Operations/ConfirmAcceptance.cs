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
/// <param name="Method">By which route the partner says so: <c>partner-legacy</c>, <c>partner-bulk</c>.</param>
/// <param name="Channel">The timeline's word for the route.</param>
internal sealed record Confirmation(AgreementType Type, Contact Contact, DateTimeOffset DateAgreed, string Method, Channel Channel);

/// <summary>A confirmation on record.</summary>
/// <param name="Type">The agreement.</param>
/// <param name="Contact">The signatory.</param>
/// <param name="DateAgreed">When they accepted, UTC.</param>
/// <param name="Attester">Object id of the partner's user who confirmed it; null for imported history.</param>
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

    private readonly DateTimeOffset now = context.PolicyNow(actor.Partner.Environment);
    private PlannedRead<StandingRow>? standing;
    private readonly Signatory prepared = Signatories.Prepare(context, actor.Partner.Id, said.Contact);
    private readonly IReadOnlyList<Disclosure> disclosures = Evidence.Disclose(context, actor, customer, said);
    private PlannedRead<FactRow>? facts;
    private PlannedRead<SubjectRow>? subjects;

    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(LockKeys.Of(actor.Partner.Id, customer));

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    private PartnerId Partner => actor.Partner.Id;

    public override void Plan(List<PlannedRead> reads)
    {
        base.Plan(reads);
        reads.Add(standing = StandingRows.PlanFind(Partner, customer));
        reads.Add(facts = FactRows.PlanOf(Partner, customer));
        reads.Add(subjects = SubjectRows.PlanOfCustomer(Partner, customer, Signatories.Kind));
    }

    protected override async ValueTask<Outcome<ConfirmedAgreement>> CarryOutAsync(Tx tx)
    {
        var row = standing!.Rows is [var found, ..] ? found : null;
        if (Relationship.Check(row) is { } absent)
        {
            return absent;
        }

        var terms = context.Timeline.Attestation(actor.Partner.Environment, said.Channel, now);
        if (Refusal(row!, terms) is { } refused)
        {
            return refused;
        }

        var signatory = Signatories.Recognise(context, Partner, prepared, subjects!.Rows);
        var version = AgreementVersions.BuiltIn.InForceAt(said.Type, said.DateAgreed);
        var past = await HistoryAsync(tx, row!);
        var claim = new NewConfirmation(
            said.Type, signatory.Id, version, said.Channel, actor.Partner.Environment, now, actor.Partner.Switches);
        if (DuplicateRule.IsDuplicate(past, claim, context.Timeline))
        {
            return new Problem(ProblemCode.DuplicateConfirmation,
                "The partner has already confirmed this agreement with the same first name, last name, e-mail and phone number, and that confirmation is still valid. Nothing more is needed.",
                "primaryContact");
        }

        var fact = new AgreementFact(new FactId(context.Ids.NewId()), FactKind.Confirmed, said.Type, now)
        {
            DateAgreed = said.DateAgreed,
            Version = version,
            Contact = signatory.Id,
        };
        return await WriteAsync(tx, row!, past, fact, signatory, terms.NoticeDue && said.Type == AgreementType.MicrosoftCustomerAgreement);
    }

    protected override string Remember(ConfirmedAgreement value) => value.Entry.ToString();

    protected override async ValueTask<ConfirmedAgreement> ReplayAsync(Tx tx, string kept)
    {
        var entry = Guid.ParseExact(kept, "D");
        var row = facts!.Rows.Single(fact => fact.Entry.Value == entry);
        var subject = await SubjectRows.FindAsync(tx, Partner, customer, row.Fact.Contact!.Value);
        var contact = subject is null ? said.Contact : Signatories.Open(context.Vault, Partner, subject);
        return new ConfirmedAgreement(row.Fact.Type, contact, row.Fact.DateAgreed, row.Attester, row.Entry);
    }

    private Problem? Refusal(StandingRow row, AttestationTerms terms)
    {
        if (row.Standing.Has(StandingFlags.NationalCloud))
        {
            return new Problem(ProblemCode.NationalCloud, "The customer is in a national cloud, where there is nothing to confirm and nothing is refused.");
        }

        if (terms.LegacyDeprecated && actor.Partner.Switches.LegacyAfterRetirement != LegacyAnswer.Works)
        {
            return new Problem(ProblemCode.LegacyCallRetired, "Confirmations without an enhanced attestation are no longer taken.");
        }

        return terms.MayAttest(said.Type) ? null : new Problem(ProblemCode.TemplateNotSupported,
            $"The template {TemplateCatalogue.Of(said.Type).Id} cannot be confirmed this way at this date.", "templateId");
    }

    /// <summary>The latest fact of somebody whom the signatory resembles; a known person keeps what was found the first time.</summary>
    private long? SimilarTo(Signatory signatory)
    {
        if (signatory.New is null)
        {
            return facts!.Rows.LastOrDefault(row => row.Fact.Contact == signatory.Id)?.SimilarTo;
        }

        var alike = subjects!.Rows.Where(row => SimilarSignatory.Resemble(said.Contact, Signatories.Open(context.Vault, Partner, row)))
            .Select(row => row.Id).ToHashSet();
        return facts!.Rows.LastOrDefault(row => row.Fact.Contact is { } contact && alike.Contains(contact))?.No;
    }

    private async ValueTask<List<AgreementFact>> HistoryAsync(Tx tx, StandingRow row)
    {
        var past = facts!.Rows.ConvertAll(fact => fact.Fact);
        if (row.Standing.Has(StandingFlags.AcceptedDirectly))
        {
            past.AddRange(await FactRows.DirectAsync(tx, customer));
        }

        return past;
    }

    private async ValueTask<ConfirmedAgreement> WriteAsync(
        Tx tx, StandingRow row, List<AgreementFact> past, AgreementFact fact, Signatory signatory, bool notify)
    {
        var evidence = Evidence.OfConfirmation(context, said, fact, row.Company, facts!.Rows, disclosures);
        var no = row.Facts + 1;
        if (signatory.New is not null)
        {
            await Signatories.AddAsync(tx, Partner, customer, signatory, now);
        }

        await FactRows.AddAsync(tx, Partner, customer, new FactRow(no, fact, said.Method, actor.Subject, actor.Operator, evidence.Id) { SimilarTo = SimilarTo(signatory) });
        await evidence.WriteAsync(tx, context.Vault, Partner, customer, signatory);
        var compares = actor.Partner.Switches.CutOffCompares;
        var before = row.Entry is null ? Standing.None : StandingFold.Of(past, nationalCloud: false, compares);
        past.Add(fact);
        var after = StandingFold.Of(past, nationalCloud: false, compares);
        // An order cites this entry, unless an earlier record still counts for more.
        var best = row.Entry is null || after != before ? evidence.Id : row.Entry;
        await StandingRows.SaveAsync(tx, Partner, customer, after, no, best);
        if (notify)
        {
            await Outbox.QueueAsync(
                tx, context, Partner, new QueuedMail(MailKind.Notice, customer, fact.Id.Value, signatory.Id) { Entry = evidence.Id }, now);
        }

        tx.AfterCommit(() => context.Standings.Set(Partner, customer, after));
        return new ConfirmedAgreement(said.Type, said.Contact, fact.DateAgreed, actor.Subject, evidence.Id);
    }
}
