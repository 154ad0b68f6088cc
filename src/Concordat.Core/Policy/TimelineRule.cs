using Concordat.Core.Agreements;

namespace Concordat.Core.Policy;

/// <summary>
/// One dated rule of the timeline. Which members a rule has depends on its <see cref="Kind"/>; the timeline cannot be built
/// from a rule that lacks one or carries one that would have no effect.
/// </summary>
public sealed record TimelineRule
{
    /// <summary>Unique in the timeline; kebab case; what decisions and explanations quote.</summary>
    public required string Id { get; init; }
    /// <summary>First instant at which the rule holds: midnight UTC.</summary>
    public required DateTimeOffset From { get; init; }
    /// <summary>First instant at which it no longer holds, midnight UTC; null for open-ended.</summary>
    public DateTimeOffset? To { get; init; }
    /// <summary>Where it holds.</summary>
    public required IReadOnlyList<PartnerEnvironment> Environments { get; init; }
    /// <summary>By which ways it holds.</summary>
    public required IReadOnlyList<Channel> Channels { get; init; }
    /// <summary>What it does.</summary>
    public required RuleKind Kind { get; init; }
    /// <summary>
    /// The agreements it speaks of: those that satisfy a <see cref="RuleKind.Require"/>, else those it applies to.
    /// </summary>
    public IReadOnlyList<AgreementType> AgreementTypes { get; init; } = [];
    /// <summary>An attestation dated earlier does not count; midnight UTC.</summary>
    public DateTimeOffset? AttestedBefore { get; init; }
    /// <summary>An attestation of an earlier version does not count.</summary>
    public byte? MinVersion { get; init; }
    /// <summary>True when <see cref="MinVersion"/> binds direct acceptances too; they are exempt by default.</summary>
    public bool Direct { get; init; }
    /// <summary>Narrows the rule to one occasion.</summary>
    public RuleOccasion? When { get; init; }
    /// <summary>Product ids the rule is limited to; empty for all. An unknown product is not one of them.</summary>
    public IReadOnlyList<string> Products { get; init; } = [];
    /// <summary>New or existing customers only; null for all. A customer of unknown age belongs to both.</summary>
    public CustomerAge? Customers { get; init; }
    /// <summary>The action classes it gates, after <see cref="When"/>; empty for kinds that gate nothing.</summary>
    public IReadOnlyList<ActionClass> Actions { get; init; } = [];
    /// <summary>Which generation of the attestation API it speaks of; null for the legacy one.</summary>
    public AttestationMethod? Method { get; init; }
    /// <summary>The code for what this rule finds lacking (a stale rule answers 13605 when there is nothing at all).</summary>
    public RefusalCode? Code { get; init; }
    /// <summary>Where it is documented, or that it is inferred.</summary>
    public required string Source { get; init; }
    /// <summary>The rule in words, in English.</summary>
    public string? Text { get; init; }

    /// <summary>True from <see cref="From"/> (inclusive) to <see cref="To"/> (exclusive).</summary>
    public bool HoldsAt(DateTimeOffset instant) => instant >= From && (To is null || instant < To);

    internal bool Covers(PartnerEnvironment environment, Channel channel) =>
        Environments.Contains(environment) && Channels.Contains(channel);
}

/// <summary>What a rule of the timeline does.</summary>
public enum RuleKind
{
    /// <summary>One of the agreements must be on record for the actions.</summary>
    Require,
    /// <summary>The customer agreement must be on record, and an attestation must be new enough.</summary>
    Stale,
    /// <summary>The agreements may be attested.</summary>
    AllowCreate,
    /// <summary>The agreements may not be attested, whatever allows it.</summary>
    DenyCreate,
    /// <summary>The signatory is told of an attestation.</summary>
    Notify,
    /// <summary>A second attestation by the same signatory is refused.</summary>
    RejectDuplicate,
    /// <summary>The method is deprecated; the switch <c>legacyAfterRetirement</c> says what that means.</summary>
    Deprecate,
    /// <summary>Kept for the reader; without effect.</summary>
    Note,
}

/// <summary>When a new version of the text binds.</summary>
public enum RuleOccasion
{
    /// <summary>With the next order: new purchase, add-on, upgrade, trial conversion, migration.</summary>
    NextOrder,
    /// <summary>With the next renewal that a person asks for.</summary>
    ManualRenewal,
}

/// <summary>Whether a customer has bought before.</summary>
public enum CustomerAge
{
    /// <summary>Never bought.</summary>
    New,
    /// <summary>Has bought.</summary>
    Existing,
}

/// <summary>The generations of partner attestation.</summary>
public enum AttestationMethod
{
    /// <summary>The partner states the acceptance: agreements POST, portal form, bulk tool.</summary>
    Legacy,
    /// <summary>The customer accepts in the component Microsoft hosts, since 2025.</summary>
    Enhanced,
}
