namespace Concordat.Core.Agreements;

/// <summary>
/// What is on record for one (partner, customer): the fold of the facts that still count. It is small and flat because
/// the pre-check keeps one for every customer in memory; dates and people are in the facts.
/// </summary>
/// <param name="AttestedUnixMs">
/// Latest <c>dateAgreed</c> of an MCA attestation by the partner that nothing supersedes, UTC Unix milliseconds;
/// <see cref="NoDate"/> when there is none.
/// </param>
/// <param name="AttestedVersion">Number of the MCA version of that attestation; 0 when there is none.</param>
/// <param name="DirectVersion">Number of the MCA version that the customer accepted directly; 0 when it did not.</param>
/// <param name="Flags">What else is known.</param>
public readonly record struct Standing(long AttestedUnixMs, byte AttestedVersion, byte DirectVersion, StandingFlags Flags)
{
    /// <summary>Marks an absent date.</summary>
    public const long NoDate = long.MinValue;

    /// <summary>Nothing on record.</summary>
    public static readonly Standing None = new(NoDate, 0, 0, StandingFlags.None);

    /// <summary>The partner has attested the MCA.</summary>
    public bool Attested => AttestedUnixMs != NoDate;

    /// <summary>One word for it: what weighs most for the gate.</summary>
    public string Word => this switch
    {
        _ when Has(StandingFlags.NationalCloud) => "nationalCloud",
        _ when Has(StandingFlags.Refused) => "refused",
        _ when Has(StandingFlags.AcceptedDirectly) => "directlyAccepted",
        _ when Has(StandingFlags.Disputed) => "disputed",
        _ when Attested => "attested",
        _ when Has(StandingFlags.CloudConfirmed) => "cloudAgreementOnly",
        _ => "none",
    };

    /// <summary>True when any of <paramref name="flags"/> is set.</summary>
    public bool Has(StandingFlags flags) => (Flags & flags) != 0;
}

/// <summary>Parts of a standing that are yes or no.</summary>
[Flags]
public enum StandingFlags : short
{
    /// <summary>Nothing special.</summary>
    None = 0,
    /// <summary>The partner has confirmed the Cloud Agreement (2018-2020).</summary>
    CloudConfirmed = 1,
    /// <summary>The customer accepted the MCA directly: counts for every partner, never goes stale.</summary>
    AcceptedDirectly = 2,
    /// <summary>The customer said no; the partner has to cancel its subscriptions.</summary>
    Refused = 4,
    /// <summary>The signatory said "this was not me"; the gate follows the switch <c>disputeBlocks</c>.</summary>
    Disputed = 8,
    /// <summary>The customer lives in a national cloud, outside the requirement.</summary>
    NationalCloud = 16,
    /// <summary>The attested version was shown to the signatory and not inferred from the date.</summary>
    VersionShown = 32,
}
