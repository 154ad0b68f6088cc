namespace Concordat.Core.Agreements;

/// <summary>Something about a record that a person should look at. It refuses nothing and changes no standing.</summary>
/// <param name="Kind">What was noticed.</param>
/// <param name="Reference">
/// The time it was measured against: when the template was published, when the customer's account was made, when the similar
/// record was made.
/// </param>
/// <param name="Similar">The record with the similar signatory.</param>
public sealed record FactFlag(FactFlagKind Kind, DateTimeOffset Reference, FactId? Similar = null);

/// <summary>What can be noticed about a record.</summary>
public enum FactFlagKind
{
    /// <summary><c>dateAgreed</c> lies before the first text of the agreement came into force.</summary>
    OlderThanTemplate,
    /// <summary><c>dateAgreed</c> lies before the UTC day on which the partner's account of the customer was made.</summary>
    OlderThanCustomer,
    /// <summary>The signatory differs from an earlier one as a typing error, or an evasion of 600061, would.</summary>
    SimilarSignatory,
}

/// <summary>
/// What there is to notice about a partner's statement, from the stored times alone: nothing is back-dated, and no flag is
/// stored that can be derived.
/// </summary>
public static class FactFlags
{
    /// <param name="fact">The record; only what a partner states has flags.</param>
    /// <param name="customerSince">When the partner's account of the customer was made.</param>
    /// <param name="versions">The published texts.</param>
    /// <param name="similar">The earlier record whose signatory is similar, as <see cref="SimilarSignatory"/> found; or null.</param>
    public static IReadOnlyList<FactFlag> Of(
        AgreementFact fact, DateTimeOffset customerSince, AgreementVersions versions, AgreementFact? similar)
    {
        if (fact.Kind is not (FactKind.Confirmed or FactKind.Corrected))
        {
            return [];
        }

        var flags = new List<FactFlag>();
        if (versions.All.FirstOrDefault(version => version.Type == fact.Type) is { } first && fact.DateAgreed < first.InForceFrom)
        {
            flags.Add(new FactFlag(FactFlagKind.OlderThanTemplate, first.InForceFrom));
        }

        // Clients send dates without a time of day; the day itself is not older.
        if (fact.DateAgreed.UtcDateTime < customerSince.UtcDateTime.Date)
        {
            flags.Add(new FactFlag(FactFlagKind.OlderThanCustomer, customerSince));
        }

        if (similar is not null)
        {
            flags.Add(new FactFlag(FactFlagKind.SimilarSignatory, similar.RecordedAt, similar.Id));
        }

        return flags;
    }
}
