using Concordat.Core.Policy;

namespace Concordat.Core.Agreements;

/// <summary>A confirmation about to be recorded.</summary>
/// <param name="Type">The agreement.</param>
/// <param name="Contact">
/// The signatory. The same subject means that first name, last name, e-mail and phone are all equal, compared ordinally with a
/// missing field as an empty one; the caller resolves that when it looks the subject up.
/// </param>
/// <param name="Version">
/// The version it confirms; a newer one than on record is no duplicate, as early re-acceptance is always possible.
/// </param>
/// <param name="Channel">By which way it arrives.</param>
/// <param name="Environment">The partner's environment.</param>
/// <param name="Now">Policy clock, UTC.</param>
/// <param name="Switches">The partner's switches; <see cref="Switches.DuplicateAgainst"/> decides what is compared.</param>
public readonly record struct NewConfirmation(
    AgreementType Type, SubjectId Contact, byte Version, Channel Channel, PartnerEnvironment Environment, DateTimeOffset Now,
    Switches Switches);

/// <summary>When a confirmation is refused as a duplicate (600061).</summary>
public static class DuplicateRule
{
    /// <summary>
    /// True when the same signatory already stands on record for the same agreement. By default only records that still open
    /// the gate are compared: a stale, superseded, refused or disputed one is renewed by the same person.
    /// </summary>
    /// <param name="facts">All facts of the partner and the customer.</param>
    /// <param name="confirmation">The new one.</param>
    /// <param name="timeline">Says since when duplicates are refused, and what is still valid.</param>
    public static bool IsDuplicate(
        IReadOnlyCollection<AgreementFact> facts, in NewConfirmation confirmation, PolicyTimeline timeline)
    {
        var (type, contact) = (confirmation.Type, confirmation.Contact);
        if (!timeline.Attestation(confirmation.Environment, confirmation.Channel, confirmation.Now).DuplicateRejected) return false;
        var confirmations = facts.Where(f => f.Kind is FactKind.Confirmed or FactKind.Corrected && f.Type == type);
        switch (confirmation.Switches.DuplicateAgainst)
        {
            case DuplicateScope.Any:
                return confirmations.Any(f => f.Contact == contact);
            case DuplicateScope.Latest:
                var latest = confirmations.OrderBy(f => f.RecordedAt).ThenBy(f => f.Id.Value).LastOrDefault();
                return latest?.Contact == contact;
            case DuplicateScope.Valid:
            default:
                foreach (var same in StandingFold.InForce(facts).Intersect(confirmations).Where(f => f.Contact == contact))
                {
                    if (same.Version >= confirmation.Version && IsValid(same, facts, confirmation, timeline)) return true;
                }
                return false;
        }
    }

    /// <summary>Whether this record alone, with the objections against it, would let a new purchase through.</summary>
    private static bool IsValid(
        AgreementFact record, IReadOnlyCollection<AgreementFact> facts, in NewConfirmation confirmation, PolicyTimeline timeline)
    {
        var alone = facts.Where(f => ReferenceEquals(f, record) || !f.IsAcceptance);
        var standing = StandingFold.Of(alone, compares: confirmation.Switches.CutOffCompares);
        if (standing.Has(StandingFlags.Refused | StandingFlags.Disputed)) return false;
        // Asked for the API whichever way the confirmation comes: no purchase arrives by the bulk tool, so no rule
        // outdates there.
        return Gate.Verdict(new GateQuestion(standing, ActionClass.NewPurchase, Channel.Api, confirmation.Environment,
            confirmation.Now, confirmation.Switches), timeline).Permitted;
    }
}
