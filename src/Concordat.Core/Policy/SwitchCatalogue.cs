using System.Globalization;
using Concordat.Core.Agreements;

namespace Concordat.Core.Policy;

/// <summary>One switch by name, for configuration, documents and the portal.</summary>
public sealed class SwitchDefinition
{
    private readonly Func<Switches, string> get;
    private readonly Func<Switches, string, Switches?> set;

    internal SwitchDefinition(string name, string words, Func<Switches, string> get, Func<Switches, string, Switches?> set) =>
        (Name, Words, this.get, this.set) = (name, words, get, set);

    /// <summary>The property's name in camel case, as overrides and docs spell it.</summary>
    public string Name { get; }

    /// <summary>The values it takes, or their format.</summary>
    public string Words { get; }

    /// <summary>The value it has, as a word that <see cref="SwitchCatalogue.With"/> takes.</summary>
    public string ValueIn(Switches switches) => get(switches);

    internal Switches? Set(Switches switches, string word) => set(switches, word);
}

/// <summary>All switches by name, and their overrides.</summary>
public static class SwitchCatalogue
{
    /// <summary>Every switch, in the order of the documents.</summary>
    public static IReadOnlyList<SwitchDefinition> All { get; } =
    [
        YesNo("outdatedCodeForBoth", s => s.OutdatedCodeForBoth, (s, v) => s with { OutdatedCodeForBoth = v }),
        YesNo("gateScheduledChange", s => s.GateScheduledChange, (s, v) => s with { GateScheduledChange = v }),
        YesNo("gateReactivation", s => s.GateReactivation, (s, v) => s with { GateReactivation = v }),
        YesNo("disputeBlocks", s => s.DisputeBlocks, (s, v) => s with { DisputeBlocks = v }),
        Choice("cutOffCompares", s => s.CutOffCompares, (s, v) => s with { CutOffCompares = v },
            ("dateAgreed", CutOffDate.DateAgreed), ("recordedAt", CutOffDate.RecordedAt)),
        Choice("duplicateAgainst", s => s.DuplicateAgainst, (s, v) => s with { DuplicateAgainst = v },
            ("valid", DuplicateScope.Valid), ("latest", DuplicateScope.Latest), ("any", DuplicateScope.Any)),
        Choice("duplicateStatus", s => s.DuplicateStatus, (s, v) => s with { DuplicateStatus = v },
            ("409", DuplicateAnswer.Conflict), ("400", DuplicateAnswer.BadRequest)),
        Choice("noConfirmations", s => s.NoConfirmations, (s, v) => s with { NoConfirmations = v },
            ("200-empty", NoConfirmationsAnswer.EmptyList), ("600009", NoConfirmationsAnswer.Fault)),
        Choice("checkoutRefusal", s => s.CheckoutRefusal, (s, v) => s with { CheckoutRefusal = v },
            ("403", CheckoutAnswer.Forbidden), ("orderErrors", CheckoutAnswer.OrderErrors)),
        Choice("legacyAfterRetirement", s => s.LegacyAfterRetirement, (s, v) => s with { LegacyAfterRetirement = v },
            ("works", LegacyAnswer.Works), ("400", LegacyAnswer.BadRequest), ("410", LegacyAnswer.Gone)),
        Choice("typeMismatch", s => s.TypeMismatch, (s, v) => s with { TypeMismatch = v },
            ("ignored", MismatchAnswer.Ignored), ("refused", MismatchAnswer.Refused)),
        Choice("unknownAgreementType", s => s.UnknownAgreementType, (s, v) => s with { UnknownAgreementType = v },
            ("400", UnknownTypeAnswer.BadRequest), ("empty", UnknownTypeAnswer.EmptyList)),
        Choice("requestInFlight", s => s.RequestInFlight, (s, v) => s with { RequestInFlight = v },
            ("409", TwinAnswer.Conflict), ("wait", TwinAnswer.Waits)),
        Choice("partnerOfRecord", s => s.PartnerOfRecord, (s, v) => s with { PartnerOfRecord = v },
            ("known", PartnerOfRecordCheck.Known), ("all", PartnerOfRecordCheck.All), ("unchecked", PartnerOfRecordCheck.Unchecked)),
        YesNo("byteOrderMark", s => s.ByteOrderMark, (s, v) => s with { ByteOrderMark = v }),
        YesNo("mfaRequired", s => s.MfaRequired, (s, v) => s with { MfaRequired = v }),
        YesNo("operatorRequiredForAppOnly", s => s.OperatorRequiredForAppOnly,
            (s, v) => s with { OperatorRequiredForAppOnly = v }),
        YesNo("directAcceptanceDeadEnd", s => s.DirectAcceptanceDeadEnd, (s, v) => s with { DirectAcceptanceDeadEnd = v }),
        YesNo("throttling", s => s.Throttling, (s, v) => s with { Throttling = v }),
        Choice("minimumAssurance", s => s.MinimumAssurance, (s, v) => s with { MinimumAssurance = v },
            ("link", Assurance.Link), ("mailbox", Assurance.Mailbox), ("signed-in", Assurance.SignedIn)),
        new("attestationLifetime", "00:01:00 to 90.00:00:00",
            s => s.AttestationLifetime.ToString("c", CultureInfo.InvariantCulture),
            (s, word) => TimeSpan.TryParseExact(word, "c", CultureInfo.InvariantCulture, out var lifetime)
                && lifetime >= TimeSpan.FromMinutes(1) && lifetime <= TimeSpan.FromDays(90) ? s with { AttestationLifetime = lifetime } : null),
        new("clockSkew", "00:00:00 to 1.00:00:00",
            s => s.ClockSkew.ToString("c", CultureInfo.InvariantCulture),
            (s, word) => TimeSpan.TryParseExact(word, "c", CultureInfo.InvariantCulture, out var skew)
                && skew >= TimeSpan.Zero && skew <= TimeSpan.FromDays(1) ? s with { ClockSkew = skew } : null),
        new("dateAgreedFloor", "yyyy-MM-dd",
            s => s.DateAgreedFloor.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            (s, word) => DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture,
                DateTimeStyles.None, out var floor) ? s with { DateAgreedFloor = floor } : null),
    ];

    /// <summary>
    /// These switches with single ones overridden by name; reports every unknown name and every unknown word.
    /// </summary>
    public static Validated<Switches> With(this Switches switches, IReadOnlyDictionary<string, string> overrides)
    {
        var faults = new List<Problem>();
        foreach (var (name, word) in overrides.OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            if (All.FirstOrDefault(s => s.Name == name) is not { } definition)
                faults.Add(new(ProblemCode.InvalidInput, $"{name}: is not a switch.", name));
            else if (definition.Set(switches, word) is { } changed)
                switches = changed;
            else
                faults.Add(new(ProblemCode.InvalidInput, $"{name}: must be {definition.Words}.", name));
        }
        return faults.Count == 0 ? new(switches) : new(faults);
    }

    private static SwitchDefinition YesNo(string name, Func<Switches, bool> get, Func<Switches, bool, Switches> set) =>
        Choice(name, get, set, ("true", true), ("false", false));

    private static SwitchDefinition Choice<T>(
        string name, Func<Switches, T> get, Func<Switches, T, Switches> set, params (string Word, T Value)[] choices)
        where T : struct =>
        new(name, string.Join(" or ", choices.Select(c => c.Word)),
            s => choices.First(c => c.Value.Equals(get(s))).Word,
            (s, word) =>
            {
                var at = Array.FindIndex(choices, c => c.Word == word);
                return at < 0 ? null : set(s, choices[at].Value);
            });
}
