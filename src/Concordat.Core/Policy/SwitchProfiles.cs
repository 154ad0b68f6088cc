namespace Concordat.Core.Policy;

/// <summary>Named sets of switches that a partner is set to; a single switch can override its profile.</summary>
/// <remarks>
/// The dates of the rules are in the timeline for every profile; a profile says how the service behaved around them in that
/// era. The values of the two older ones follow the pages and client code of their time.
/// </remarks>
public static class SwitchProfiles
{
    /// <summary>The profile of a partner for which none is named.</summary>
    public const string Default = "microsoft-2025";

    private static readonly Dictionary<string, Switches> Profiles = new(StringComparer.Ordinal)
    {
        // Samples of the time show a byte order mark; multi-factor authentication was not asked for yet.
        ["microsoft-2018"] = Switches.Default with
        {
            ByteOrderMark = true,
            MfaRequired = false,
            DuplicateAgainst = DuplicateScope.Any,
        },
        // Sample code of the time expects fault 600009; a changed contact was needed even for an old record.
        ["microsoft-2020"] = Switches.Default with
        {
            ByteOrderMark = true,
            NoConfirmations = NoConfirmationsAnswer.Fault,
            DuplicateAgainst = DuplicateScope.Any,
        },
        [Default] = Switches.Default,
        // Whatever is unknown is decided against the transaction.
        ["strict"] = Switches.Default with
        {
            GateReactivation = true,
            DisputeBlocks = true,
            DuplicateAgainst = DuplicateScope.Any,
            TypeMismatch = MismatchAnswer.Refused,
            OperatorRequiredForAppOnly = true,
            LegacyAfterRetirement = LegacyAnswer.Gone,
        },
        // Rehearses the vendors' reading of 2026-01-05: legacy confirmations are gone.
        ["after-legacy"] = Switches.Default with { LegacyAfterRetirement = LegacyAnswer.Gone },
    };

    /// <summary>The names of all profiles.</summary>
    public static IReadOnlyCollection<string> Names => Profiles.Keys;

    /// <summary>The switches of that profile, or null when there is none of that name.</summary>
    public static Switches? ByName(string name) => Profiles.GetValueOrDefault(name);
}
