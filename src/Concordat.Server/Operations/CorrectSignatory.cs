using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// The partner names another signatory for a record. It is a new confirmation that takes the old one's place, with the old date and
/// version: both stay visible. The new signatory gets the notice; one to the old signatory that has not gone out is taken back.
/// Refused for a record that counts no longer, and for the same signatory.
/// </summary>
internal sealed class CorrectSignatory(
    OperationContext context, Actor actor, CustomerId customer, RequestKey? key, EntryId corrects, Contact contact)
    : RememberedOperation<EntryId>(key, context.Clocks)
{
    private const string Method = "partner-correction";

    private readonly DateTimeOffset now = Attestations.Now(context, actor.Partner);
    private readonly Signatory prepared = Signatories.Prepare(context, actor.Partner.Id, contact);
    private readonly PlannedRead<StandingRow> standing = StandingRows.PlanFind(actor.Partner.Id, customer);
    private readonly PlannedRead<FactRow> facts = FactRows.PlanOf(actor.Partner.Id, customer);
    private readonly PlannedRead<SubjectRow> subjects = SubjectRows.PlanOfCustomer(actor.Partner.Id, customer, Signatories.Kind);

    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(LockKeys.Of(actor.Partner.Id, customer));

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    private PartnerId Partner => actor.Partner.Id;

    public override void Plan(List<PlannedRead> reads)
    {
        base.Plan(reads);
        reads.AddRange([standing, facts, subjects]);
    }

    protected override async ValueTask<Outcome<EntryId>> CarryOutAsync(Tx tx)
    {
        var row = standing.Rows is [var found, ..] ? found : null;
        if (Relationship.Check(row) is { } absent)
        {
            return absent;
        }

        var record = facts.Rows.FirstOrDefault(fact => fact.Entry == corrects && fact.Fact.Kind is FactKind.Confirmed or FactKind.Corrected);
        if (record is null)
        {
            return new Problem(ProblemCode.NotFound, "There is no such record.", "corrects");
        }

        if (!StandingFold.InForce(facts.Rows.Select(fact => fact.Fact)).Contains(record.Fact))
        {
            return new Problem(ProblemCode.StateConflict, "The record was corrected or withdrawn already; correct what took its place.", "corrects");
        }

        var signatory = Signatories.Recognise(context, Partner, prepared, subjects.Rows);
        return signatory.Id == record.Fact.Contact
            ? new Problem(ProblemCode.DuplicateConfirmation, "The record names this signatory already.", "signatory")
            : await WriteAsync(tx, row!, record, signatory);
    }

    protected override string Remember(EntryId value) => value.ToString();

    protected override ValueTask<EntryId> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(new EntryId(Guid.ParseExact(kept, "D")));

    private async ValueTask<EntryId> WriteAsync(Tx tx, StandingRow row, FactRow record, Signatory signatory)
    {
        if (signatory.New is not null)
        {
            await Signatories.AddAsync(tx, Partner, customer, signatory, now);
        }

        var fact = new AgreementFact(new FactId(context.Ids.NewId()), FactKind.Corrected, record.Fact.Type, now)
        {
            DateAgreed = record.Fact.DateAgreed,
            Version = record.Fact.Version,
            VersionShown = record.Fact.VersionShown,
            Contact = signatory.Id,
            Concerns = record.Fact.Id,
        };
        var evidence = EvidenceOf(fact, record, row.Company);
        await FactRows.AddAsync(tx, Partner, customer, new FactRow(facts.Rows.Count + 1, fact, Method, actor.Subject, actor.Operator, evidence.Id));
        await evidence.WriteAsync(tx, context.Vault, Partner, customer, signatory);
        await Standings.RefoldAsync(tx, context, actor.Partner, customer);
        await Outbox.CancelAsync(tx, context, Partner, MailKind.Notice, record.Fact.Id.Value);
        if (fact.Type == AgreementType.MicrosoftCustomerAgreement && context.Timeline.Attestation(actor.Partner.Environment, Channel.Api, now).NoticeDue)
        {
            await Outbox.QueueAsync(
                tx, context, Partner, new QueuedMail(MailKind.Notice, customer, fact.Id.Value, signatory.Id) { Entry = evidence.Id }, now);
        }

        await AuditRows.AddAsync(tx, Audit.Of(context, actor, customer, "correct_signatory", "succeeded", null, evidence.Id.ToString()));
        return evidence.Id;
    }

    private Evidence EvidenceOf(AgreementFact fact, FactRow record, string company)
    {
        var said = new Confirmation(fact.Type, contact, fact.DateAgreed, Method, Channel.Api);
        return Evidence.Of(new LedgerEntry
        {
            Id = new EntryId(context.Ids.NewId()),
            Kind = "attestation.corrected",
            At = now,
            Recorded = context.Clocks.Wall.GetUtcNow(),
            Policy = Evidence.PolicyVersion,
            Agreement = Evidence.Reference(fact.Type, fact.Version),
            Method = Method,
            Level = Assurance.Link.Word(),
            Relations = [new EntryRelation("corrects", record.Entry)],
            Retention = "agreement",
            Disclosures = [.. Evidence.Disclose(context, actor, customer, said), .. Evidence.Salted(context, ("company", company))],
        });
    }
}
