namespace Concordat.Core.Agreements;

/// <summary>One published text of an agreement.</summary>
/// <param name="Type">The agreement.</param>
/// <param name="Number">1 and up, in the order of publication.</param>
/// <param name="InForceFrom">First instant of its validity, midnight UTC.</param>
public sealed record AgreementVersion(AgreementType Type, byte Number, DateTimeOffset InForceFrom);

/// <summary>The versions of the agreements by date. Immutable.</summary>
public sealed class AgreementVersions
{
    private readonly AgreementVersion[] versions;

    private AgreementVersions(IEnumerable<AgreementVersion> versions) =>
        this.versions = [.. versions.OrderBy(v => v.Type).ThenBy(v => v.Number)];

    /// <summary>
    /// What is known of Microsoft's versions: the customer agreement of 2019-10-01 and its new text of 2023-03-01
    /// (announcements
    /// of those months). No source tells versions of the Cloud Agreement apart, so it has one, from the floor of
    /// <c>dateAgreed</c>
    /// on, as the text is older than its confirmation.
    /// </summary>
    public static AgreementVersions BuiltIn { get; } = new(
    [
        new(AgreementType.MicrosoftCloudAgreement, 1, Midnight(2010, 1, 1)),
        new(AgreementType.MicrosoftCustomerAgreement, 1, Midnight(2019, 10, 1)),
        new(AgreementType.MicrosoftCustomerAgreement, 2, Midnight(2023, 3, 1)),
    ]);

    /// <summary>By agreement, then by number.</summary>
    public IReadOnlyList<AgreementVersion> All => versions;

    /// <summary>The number in force at that instant; 0 before the first, when the version is unknown.</summary>
    public byte InForceAt(AgreementType type, DateTimeOffset instant)
    {
        var found = (byte)0;
        foreach (var version in versions)
        {
            if (version.Type == type && version.InForceFrom <= instant) found = version.Number;
        }
        return found;
    }

    /// <summary>These and one more; refused unless it has the next number and a later date.</summary>
    public Outcome<AgreementVersions> With(AgreementVersion version)
    {
        var last = versions.LastOrDefault(v => v.Type == version.Type);
        if (version.Number != (last?.Number ?? 0) + 1)
            return new Problem(ProblemCode.InvalidInput, "The version must have the next number.", "number");
        if (last is not null && version.InForceFrom <= last.InForceFrom)
            return new Problem(ProblemCode.InvalidInput, "The version must come into force after the one before it.", "inForceFrom");
        return new AgreementVersions([.. versions, version]);
    }

    private static DateTimeOffset Midnight(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
