using Concordat.Core.Policy;

namespace Concordat.Core.Agreements;

/// <summary>
/// Computes a standing from the facts of one (partner, customer), with the customer's direct acceptances among them. The order
/// in which the facts come never matters; time does: a later acceptance answers an earlier refusal or dispute.
/// </summary>
public static class StandingFold
{
    /// <summary>The standing.</summary>
    /// <param name="facts">All facts, superseded ones included.</param>
    /// <param name="nationalCloud">The customer lives in a national cloud.</param>
    /// <param name="compares">The date that counts for cut-offs; it goes into <see cref="Standing.AttestedUnixMs"/>.</param>
    /// <param name="asOf">Leave out what was recorded later; null for all.</param>
    public static Standing Of(
        IEnumerable<AgreementFact> facts, bool nationalCloud = false, CutOffDate compares = CutOffDate.DateAgreed,
        DateTimeOffset? asOf = null)
    {
        var inForce = InForce(asOf is null ? facts : facts.Where(f => f.RecordedAt <= asOf));
        var best = inForce.Where(IsMcaAttestation).OrderByDescending(f => CutOff(f, compares)).ThenByDescending(f => f.VersionShown)
            .ThenByDescending(f => f.Version).ThenByDescending(f => f.Id.Value).FirstOrDefault();
        var direct = inForce.Where(f => f.Kind == FactKind.AcceptedDirectly).ToList();

        var flags = StandingFlags.None;
        if (nationalCloud) flags |= StandingFlags.NationalCloud;
        if (direct.Count > 0) flags |= StandingFlags.AcceptedDirectly;
        if (best is { VersionShown: true }) flags |= StandingFlags.VersionShown;
        if (inForce.Any(f => f.IsAcceptance && f.Type == AgreementType.MicrosoftCloudAgreement))
            flags |= StandingFlags.CloudConfirmed;
        if (inForce.Any(f => f.Kind == FactKind.Refused && !Answered(f, inForce))) flags |= StandingFlags.Refused;
        if (inForce.Any(f => f.Kind == FactKind.Disputed && !Answered(f, inForce))) flags |= StandingFlags.Disputed;
        return new Standing(best is null ? Standing.NoDate : CutOff(best, compares).ToUnixTimeMilliseconds(), best?.Version ?? 0,
            direct.Count == 0 ? (byte)0 : direct.Max(f => f.Version), flags);
    }

    /// <summary>
    /// The facts that nothing supersedes. A dispute of a fact that is itself superseded goes with it. A withdrawn correction
    /// does not bring back what it corrected.
    /// </summary>
    public static IReadOnlyList<AgreementFact> InForce(IEnumerable<AgreementFact> facts)
    {
        var all = facts as IReadOnlyCollection<AgreementFact> ?? [.. facts];
        var superseded = all.Where(f => f.Kind is FactKind.Corrected or FactKind.Withdrawn or FactKind.DisputeResolved)
            .Select(f => f.Concerns).OfType<FactId>().ToHashSet();
        return [.. all.Where(f => !superseded.Contains(f.Id)
            && !(f.Kind == FactKind.Disputed && f.Concerns is { } about && superseded.Contains(about)))];
    }

    /// <summary>
    /// True when the customer accepted the same agreement, or the one that succeeded it, after that refusal or dispute. A
    /// correction of an older record is no new acceptance.
    /// </summary>
    private static bool Answered(AgreementFact objection, IReadOnlyList<AgreementFact> inForce) =>
        inForce.Any(f => f.Kind is FactKind.Confirmed or FactKind.AcceptedDirectly
            && f.Type >= objection.Type && IsLater(f, objection));

    private static bool IsLater(AgreementFact fact, AgreementFact other) =>
        fact.RecordedAt != other.RecordedAt ? fact.RecordedAt > other.RecordedAt : fact.Id.Value.CompareTo(other.Id.Value) > 0;

    private static bool IsMcaAttestation(AgreementFact fact) =>
        fact.Kind is FactKind.Confirmed or FactKind.Corrected && fact.Type == AgreementType.MicrosoftCustomerAgreement;

    private static DateTimeOffset CutOff(AgreementFact fact, CutOffDate compares) =>
        compares == CutOffDate.RecordedAt ? fact.RecordedAt : fact.DateAgreed;
}
