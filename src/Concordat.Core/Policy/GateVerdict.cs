namespace Concordat.Core.Policy;

/// <summary>The gate's answer without words, for the hot path.</summary>
/// <param name="Refusal">Null when permitted.</param>
/// <param name="RuleIndex">
/// The rule that decided, counted in <see cref="PolicyTimeline.Rules"/>: when refused the first in order of precedence that
/// refuses, when permitted the last one that was asked; -1 when no rule applies.
/// </param>
/// <param name="Reason">What the rule found lacking.</param>
public readonly record struct GateVerdict(RefusalCode? Refusal, short RuleIndex, RefusalReason Reason)
{
    /// <summary>No rule applies.</summary>
    public static readonly GateVerdict Free = new(null, -1, RefusalReason.None);

    /// <summary>True when the transaction may go through.</summary>
    public bool Permitted => Refusal is null;
}

/// <summary>What a rule found lacking in a standing.</summary>
public enum RefusalReason
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>None of the agreements that the rule accepts is on record.</summary>
    NothingOnRecord,
    /// <summary>The attestation is dated before the rule's cut-off.</summary>
    AttestedBeforeCutOff,
    /// <summary>The version on record is older than the rule asks.</summary>
    VersionTooOld,
    /// <summary>The customer refused the terms.</summary>
    CustomerRefused,
    /// <summary>The signatory disputes the record, and the switch <c>disputeBlocks</c> is on.</summary>
    Disputed,
}
