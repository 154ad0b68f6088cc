using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>A code is on its way.</summary>
/// <param name="ExpiresAt">Until when it can be entered, wall clock.</param>
internal sealed record SentCode(DateTimeOffset ExpiresAt);

/// <summary>
/// Sends six digits to the signatory's mailbox, in place of those sent before. Anybody who holds the link can ask for them,
/// so they go out at most every <see cref="Pause"/> and <see cref="Most"/> times, and to that mailbox only.
/// </summary>
internal sealed class SendAttestationCode(OperationContext context, Partner partner, AttestationId id) : Operation<SentCode>
{
    /// <summary>How long a code works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>Between two codes.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Wrong entries that a code survives.</summary>
    public const int Tries = 5;

    /// <summary>Codes for one attestation.</summary>
    public const int Most = 10;

    private readonly PlannedRead<AttestationRow> read = AttestationRows.PlanFind(partner.Id, id);
    private readonly PlannedRead<AttestationCodeRow> last = AttestationCodeRows.PlanFind(partner.Id, id);

    public override IReadOnlyList<long> Keys { get; } = [Attestations.LockOf(id)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(partner.Id);

    public override void Plan(List<PlannedRead> reads) => reads.AddRange([read, last]);

    protected override async ValueTask<Outcome<SentCode>> DecideAsync(Tx tx)
    {
        if (read.Rows is not [{ Subject: { } subject } row])
        {
            return Attestations.NotFound();
        }

        var now = context.PolicyNow(partner.Environment);
        if (row.Attestation.StateAt(now) != AttestationState.Pending)
        {
            return row.Attestation.Answer(true, Assurance.SignedIn, Assurance.Link, now).Problem!;
        }

        var wall = context.Clocks.Wall.GetUtcNow();
        var before = last.Rows is [var known] ? known : null;
        if (before is not null && (before.Sent >= Most || wall < before.SentAt + Pause))
        {
            return new Problem(ProblemCode.TooManyRequests, "A code was just sent, or too many were. Look into the mailbox, and ask again later.")
            {
                RetryAfter = before.Sent >= Most ? null : before.SentAt + Pause - wall,
            };
        }

        var code = Attestations.NewCode(context.Ids);
        var key = context.Vault.Unwrap(partner.Id, subject.WrappedKey);
        var next = new AttestationCodeRow(
            Attestations.SecretHash(context.Vault, partner.Id, id, code), Attestations.SealText(context.Vault, key, code), Tries,
            (before?.Sent ?? 0) + 1, wall, wall + Lifetime, null);
        await AttestationCodeRows.SaveAsync(tx, partner.Id, id, next);
        await Outbox.CancelAsync(tx, context, partner.Id, MailKind.Code, id.Value);
        await Outbox.QueueAsync(tx, context, partner.Id, new QueuedMail(MailKind.Code, row.Attestation.Customer, id.Value, subject.Id), now);
        return new SentCode(next.ExpiresAt);
    }
}
