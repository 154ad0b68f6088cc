using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Ledger;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// What every way of confirming has in common: the reads that decide, the duplicate rule, and the rows of the record. It is
/// part of one operation, which holds the lock of (partner, customer).
/// </summary>
internal sealed class Confirming(OperationContext context, Actor actor, CustomerId customer, Confirmation said)
{
    private readonly IReadOnlyList<Disclosure> disclosures = Evidence.Disclose(context, actor, customer, said);
    private readonly PlannedRead<StandingRow> standing = StandingRows.PlanFind(actor.Partner.Id, customer);
    private readonly PlannedRead<FactRow> facts = FactRows.PlanOf(actor.Partner.Id, customer);
    private readonly PlannedRead<SubjectRow> subjects = SubjectRows.PlanOfCustomer(actor.Partner.Id, customer, Signatories.Kind);

    /// <summary>By the policy clock, when the operation was made.</summary>
    public DateTimeOffset Now { get; } = context.PolicyNow(actor.Partner.Environment);

    /// <summary>What the timeline says about confirming now.</summary>
    public AttestationTerms Terms => context.Timeline.Attestation(actor.Partner.Environment, said.Channel, Now);

    private PartnerId Partner => actor.Partner.Id;

    private StandingRow? Row => standing.Rows is [var found, ..] ? found : null;

    public void Plan(List<PlannedRead> reads) => reads.AddRange([standing, facts, subjects]);

    /// <summary>Why nothing can be confirmed for this customer; null when it can.</summary>
    public Problem? Refusal() => Relationship.Check(Row) is { } absent ? absent
        : Row!.Standing.Has(StandingFlags.NationalCloud)
            ? new Problem(ProblemCode.NationalCloud, "The customer is in a national cloud, where there is nothing to confirm and nothing is refused.")
            : null;

    /// <summary>The person as the customer's records know them, or the prepared one, who still has to be added.</summary>
    public Signatory Recognise(Signatory prepared) => Signatories.Recognise(context, Partner, prepared, subjects.Rows);

    /// <summary>The refusal of the same signatory while their record is valid (600061); null when there is none.</summary>
    public async ValueTask<Problem?> DuplicateAsync(Tx tx, Signatory signatory)
    {
        var claim = new NewConfirmation(
            said.Type, signatory.Id, Version, said.Channel, actor.Partner.Environment, Now, actor.Partner.Switches);
        return DuplicateRule.IsDuplicate(await HistoryAsync(tx), claim, context.Timeline)
            ? new Problem(ProblemCode.DuplicateConfirmation,
                "The partner has already confirmed this agreement with the same first name, last name, e-mail and phone number, and that confirmation is still valid. Nothing more is needed.",
                "primaryContact")
            : null;
    }

    /// <summary>Writes fact, entry, standing and notice. The signatory's row is there already.</summary>
    public async ValueTask<ConfirmedAgreement> WriteAsync(Tx tx, Signatory signatory)
    {
        var row = Row!;
        var fact = new AgreementFact(new FactId(context.Ids.NewId()), FactKind.Confirmed, said.Type, Now)
        {
            DateAgreed = said.DateAgreed,
            Version = Version,
            VersionShown = said.Shown is not null,
            Contact = signatory.Id,
        };
        var past = await HistoryAsync(tx);
        var evidence = Evidence.OfConfirmation(context, said, fact, row.Company, facts.Rows, disclosures);
        var no = row.Facts + 1;
        await FactRows.AddAsync(tx, Partner, customer, new FactRow(no, fact, said.Method, actor.Subject, actor.Operator, evidence.Id) { SimilarTo = SimilarTo(signatory) });
        await evidence.WriteAsync(tx, context.Vault, Partner, customer, signatory);
        await SaveStandingAsync(tx, row, past, fact, evidence.Id);
        if (Terms.NoticeDue && said.Type == AgreementType.MicrosoftCustomerAgreement)
        {
            await Outbox.QueueAsync(
                tx, context, Partner, new QueuedMail(MailKind.Notice, customer, fact.Id.Value, signatory.Id) { Entry = evidence.Id }, Now);
        }

        return new ConfirmedAgreement(said.Type, said.Contact, fact.DateAgreed, actor.Subject, evidence.Id);
    }

    /// <summary>The answer that was given before, from the entry's id.</summary>
    public async ValueTask<ConfirmedAgreement> ReplayAsync(Tx tx, string kept)
    {
        var entry = Guid.ParseExact(kept, "D");
        var row = facts.Rows.Single(fact => fact.Entry.Value == entry);
        var subject = await SubjectRows.FindAsync(tx, Partner, customer, row.Fact.Contact!.Value);
        var contact = subject is null ? said.Contact : Signatories.Open(context.Vault, Partner, subject);
        return new ConfirmedAgreement(row.Fact.Type, contact, row.Fact.DateAgreed, row.Attester, row.Entry);
    }

    private byte Version => said.Shown?.Version ?? AgreementVersions.BuiltIn.InForceAt(said.Type, said.DateAgreed);

    /// <summary>The latest fact of somebody whom the signatory resembles; a known person keeps what was found the first time.</summary>
    private long? SimilarTo(Signatory signatory)
    {
        if (signatory.New is null)
        {
            return facts.Rows.LastOrDefault(row => row.Fact.Contact == signatory.Id)?.SimilarTo;
        }

        var alike = subjects.Rows.Where(row => SimilarSignatory.Resemble(said.Contact, Signatories.Open(context.Vault, Partner, row)))
            .Select(row => row.Id).ToHashSet();
        return facts.Rows.LastOrDefault(row => row.Fact.Contact is { } contact && alike.Contains(contact))?.No;
    }

    private async ValueTask<List<AgreementFact>> HistoryAsync(Tx tx)
    {
        var past = facts.Rows.ConvertAll(fact => fact.Fact);
        if (Row!.Standing.Has(StandingFlags.AcceptedDirectly))
        {
            past.AddRange(await FactRows.DirectAsync(tx, customer));
        }

        return past;
    }

    private async ValueTask SaveStandingAsync(Tx tx, StandingRow row, List<AgreementFact> past, AgreementFact fact, EntryId entry)
    {
        var compares = actor.Partner.Switches.CutOffCompares;
        var before = row.Entry is null ? Standing.None : StandingFold.Of(past, nationalCloud: false, compares);
        past.Add(fact);
        var after = StandingFold.Of(past, nationalCloud: false, compares);
        // An order cites this entry, unless an earlier record still counts for more.
        var best = row.Entry is null || after != before ? entry : row.Entry;
        await StandingRows.SaveAsync(tx, Partner, customer, after, row.Facts + 1, best);
        context.Standings.Follow(tx, Partner, customer, after);
    }
}
