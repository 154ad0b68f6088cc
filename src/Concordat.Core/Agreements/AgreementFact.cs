namespace Concordat.Core.Agreements;

/// <summary>Identifies one fact (UUIDv7, made by the id seam).</summary>
public readonly record struct FactId(Guid Value)
{
    /// <summary>Lower-case, hyphenated.</summary>
    public override string ToString() => Value.ToString("D");
}

/// <summary>One thing that happened between a partner, a customer and an agreement. Facts are only ever added.</summary>
/// <param name="Id">Of this fact.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Type">The agreement it is about.</param>
/// <param name="RecordedAt">When this service recorded it, policy clock, UTC.</param>
public sealed record AgreementFact(FactId Id, FactKind Kind, AgreementType Type, DateTimeOffset RecordedAt)
{
    /// <summary>When the customer accepted, UTC; for confirmations, corrections and direct acceptances.</summary>
    public DateTimeOffset DateAgreed { get; init; }
    /// <summary>
    /// The version accepted; 0 when unknown. <see cref="AgreementVersions"/> infers it where the wire carries none.
    /// </summary>
    public byte Version { get; init; }
    /// <summary>True when that version was shown to the signatory, false when it is inferred from the date.</summary>
    public bool VersionShown { get; init; }
    /// <summary>The signatory; null where none is known (direct acceptance, refusal).</summary>
    public SubjectId? Contact { get; init; }
    /// <summary>The fact that this one corrects, withdraws, disputes or resolves.</summary>
    public FactId? Concerns { get; init; }

    /// <summary>True when it says that the customer accepted.</summary>
    public bool IsAcceptance => Kind is FactKind.Confirmed or FactKind.Corrected or FactKind.AcceptedDirectly;
}

/// <summary>What happened.</summary>
public enum FactKind
{
    /// <summary>The partner confirmed the customer's acceptance.</summary>
    Confirmed,
    /// <summary>The customer accepted in the admin center.</summary>
    AcceptedDirectly,
    /// <summary>The partner corrected a confirmation; takes the place of the one it concerns.</summary>
    Corrected,
    /// <summary>An acceptance was withdrawn; the one it concerns no longer counts.</summary>
    Withdrawn,
    /// <summary>The customer declined the terms.</summary>
    Refused,
    /// <summary>The signatory disputes a confirmation.</summary>
    Disputed,
    /// <summary>A dispute was settled; the one it concerns no longer counts.</summary>
    DisputeResolved,
}
