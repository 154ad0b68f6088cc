namespace Concordat.Core.Policy;

/// <summary>
/// Where Microsoft's behaviour is unknown or differs by date, a switch says what this service does. Defaults are those
/// of the profile <c>microsoft-2025</c>; docs/partner-center.md lists each with the divergence it belongs to.
/// </summary>
public sealed record Switches
{
    /// <summary>The defaults.</summary>
    public static readonly Switches Default = new();

    /// <summary>Answer 900428 also when nothing is on record (default: 13605).</summary>
    public bool OutdatedCodeForBoth { get; init; }
    /// <summary>Gate changes of the next term (default: yes).</summary>
    public bool GateScheduledChange { get; init; } = true;
    /// <summary>Gate suspended to active (default: no).</summary>
    public bool GateReactivation { get; init; }
    /// <summary>A disputed record blocks (default: no, it is kept and flagged).</summary>
    public bool DisputeBlocks { get; init; }
}
