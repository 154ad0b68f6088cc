using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>A person whom the customer's directory signed in.</summary>
/// <param name="Tenant">Of the directory; where the attestation names its customer, it must be that one.</param>
/// <param name="Person">Object id.</param>
/// <param name="Methods">How they proved it, as the token says.</param>
internal sealed record SignedInPerson(CustomerId Tenant, Guid Person, string Methods);

/// <summary>What the page says about the answer. Nothing in it is trusted that can be compared.</summary>
/// <param name="Accepts">Yes or no.</param>
/// <param name="Shown">What the form carried back.</param>
/// <param name="Current">What the page would show now, for the same button.</param>
internal sealed record AnswerClaim(bool Accepts, Presentation Shown, Presentation Current)
{
    /// <summary>Letters of a reason at most.</summary>
    public const int LongestReason = 500;

    /// <summary>Why not, one line; null when none was given.</summary>
    public string? Reason { get; init; }

    /// <summary>What <see cref="CheckAttestationCode"/> gave for the right code.</summary>
    public string? MailboxProof { get; init; }

    /// <summary>Who is signed in; the page has checked the token.</summary>
    public SignedInPerson? SignedIn { get; init; }

    /// <summary>Signs of self-acceptance that the page sees; time and network are added here.</summary>
    public SelfAcceptance Flags { get; init; }

    /// <summary>The network address of the answer.</summary>
    public string? Address { get; init; }

    /// <summary>The browser as it names itself.</summary>
    public string? UserAgent { get; init; }

    /// <summary>What else goes on the record about the page and the browser; each is a sealed disclosure.</summary>
    public IReadOnlyList<(string Name, string? Value)> Further { get; init; } = [];
}

/// <summary>The answer on record.</summary>
/// <param name="Attestation">With its new state.</param>
/// <param name="Answer">What was shown, and how well it is known who answered.</param>
/// <param name="First">False when the same answer was there before: nothing changed.</param>
internal sealed record AnsweredAttestation(EnhancedAttestation Attestation, AttestationAnswer Answer, bool First);

/// <summary>
/// The signatory answers. Of any number of equal answers the first one counts and all are told the same; an answer to a text,
/// statement, button or page that is no longer the one shown is refused, and so is one below the assurance asked for. A no is told
/// to the partner, and a named customer counts as one that refused, in the same transaction.
/// </summary>
internal sealed class AnswerAttestation(OperationContext context, Partner partner, OpenedAttestation opened, AnswerClaim claim) : Operation<AnsweredAttestation>
{
    private readonly PlannedRead<AttestationRow> read = AttestationRows.PlanFind(partner.Id, opened.Attestation.Id);
    private readonly PlannedRead<AttestationCodeRow> code = AttestationCodeRows.PlanFind(partner.Id, opened.Attestation.Id);
    private readonly PlannedRead<StandingRow> standing = StandingRows.PlanFind(partner.Id, opened.Attestation.Customer ?? Attestations.NoCustomer);

    // The customer of a pending attestation never changes, so what the page read is what holds.
    public override IReadOnlyList<long> Keys { get; } = opened.Attestation.Customer is { } customer
        ? [Attestations.LockOf(opened.Attestation.Id), LockKeys.Of(partner.Id, customer)]
        : [Attestations.LockOf(opened.Attestation.Id)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(partner.Id);

    public override void Plan(List<PlannedRead> reads) => reads.AddRange([read, code, standing]);

    protected override async ValueTask<Outcome<AnsweredAttestation>> DecideAsync(Tx tx)
    {
        if (read.Rows is not [{ Subject: { } subject } row] || opened.Contact is null)
        {
            return Attestations.NotFound();
        }

        if (row.Answer is { } before && claim.Accepts == row.Attestation.State is AttestationState.Accepted or AttestationState.Finalised)
        {
            return new AnsweredAttestation(row.Attestation, before, First: false);
        }

        var now = Attestations.Now(context, partner);
        if (!row.Attestation.Answer(claim.Accepts, Reached(row), partner.Switches.MinimumAssurance, now).TryGetValue(out var answered, out var problem))
        {
            return problem;
        }

        var text = row.Attestation.TextAt(now);
        if (claim.Shown != claim.Current || claim.Shown.TextSha256 != Convert.ToHexStringLower(text.Sha256.Span))
        {
            return new Problem(ProblemCode.PresentationChanged, "What was shown is no longer what is to be accepted. Read it again.");
        }

        if (claim.Reason is { Length: > 0 } reason && SingleLine.Fault(reason, AnswerClaim.LongestReason) is { } fault)
        {
            return new Problem(ProblemCode.InvalidInput, $"The reason {fault}", "reason");
        }

        var key = context.Vault.Unwrap(partner.Id, subject.WrappedKey);
        var evidence = PresentationEvidence.Of(context, partner, opened, answered, claim, Reached(row), Flags(row, now), text);
        var answer = new AttestationAnswer(
            (byte)text.File.Version, text.File.Language, text.Length, claim.Shown, Reached(row), Flags(row, now), evidence.Id);
        await evidence.WriteAsync(tx, context.Vault, partner.Id, row.SubjectCustomer, new Signatory(subject.Id, key, null, []));
        await AttestationRows.StepAsync(tx, row, answered, row.SubjectCustomer);
        await AttestationRows.AnswerAsync(
            tx, row, answer, string.IsNullOrEmpty(claim.Reason) ? null : Attestations.SealText(context.Vault, key, claim.Reason));
        if (!claim.Accepts)
        {
            await DeclineAsync(tx, answered, evidence.Id, now);
        }

        return new AnsweredAttestation(answered, answer, First: true);
    }

    private async ValueTask DeclineAsync(Tx tx, EnhancedAttestation declined, EntryId entry, DateTimeOffset now)
    {
        await Outbox.QueueAsync(
            tx, context, partner.Id, new QueuedMail(MailKind.Alert, declined.Customer, declined.Id.Value, null) { Entry = entry }, now);
        // An account that was removed since has no standing to change.
        if (declined.Customer is { } customer && standing.Rows is [var known, ..])
        {
            await CustomerRefusals.WriteAsync(tx, context, partner, customer, known.Facts, now, entry);
        }
    }

    private Assurance Reached(AttestationRow row)
    {
        if (claim.SignedIn is { } person && (row.Attestation.Customer is null || row.Attestation.Customer == person.Tenant))
        {
            return Assurance.SignedIn;
        }

        return claim.MailboxProof is { } proof && code.Rows is [var known]
            && Attestations.SameHash(known.ProofHash, Attestations.SecretHash(context.Vault, partner.Id, row.Attestation.Id, proof))
                ? Assurance.Mailbox
                : Assurance.Link;
    }

    private SelfAcceptance Flags(AttestationRow row, DateTimeOffset now)
    {
        var flags = claim.Flags;
        if (now - row.Attestation.CreatedAt < EnhancedAttestation.ReadingTime)
        {
            flags |= SelfAcceptance.WithinSeconds;
        }

        if (Attestations.AgentHash(context.Vault, partner.Id, claim.UserAgent) is { } agent && Attestations.SameHash(row.CreatorAgent, agent))
        {
            flags |= SelfAcceptance.SameBrowser;
        }

        return Attestations.NetworkHash(context.Vault, partner.Id, claim.Address) is { } network && Attestations.SameHash(row.CreatorNetwork, network)
            ? flags | SelfAcceptance.SameNetwork
            : flags;
    }
}
