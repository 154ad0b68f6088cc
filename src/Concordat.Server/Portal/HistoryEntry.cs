using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Server.Storage;

namespace Concordat.Server.Portal;

/// <summary>One thing on a customer's record as the portal shows it.</summary>
/// <param name="Fact">What happened.</param>
/// <param name="Method">By which route it came; see docs/ledger-format.md.</param>
/// <param name="Signatory">Null where none is known, was erased, or is not for the reader.</param>
/// <param name="Flags">What a person should look at.</param>
internal sealed record HistoryEntry(AgreementFact Fact, string Method, Contact? Signatory, IReadOnlyList<FactFlag> Flags)
{
    /// <summary>A partner states an acceptance by the very call that records it.</summary>
    public DateTimeOffset? AttestedAt => Fact.Kind is FactKind.Confirmed or FactKind.Corrected ? Fact.RecordedAt : null;

    public DateTimeOffset? AcceptedAt => Fact.IsAcceptance ? Fact.DateAgreed : null;

    /// <summary>The partner's facts and what the customer did itself, oldest first.</summary>
    public static IReadOnlyList<HistoryEntry> Of(
        List<FactRow> facts, List<AgreementFact> direct, Func<SubjectId, Contact?> person, DateTimeOffset customerSince) =>
        [.. facts.Select(row => new HistoryEntry(
                row.Fact, row.Method, row.Fact.Contact is { } subject ? person(subject) : null,
                FactFlags.Of(row.Fact, customerSince, AgreementVersions.BuiltIn, row.SimilarTo is { } no ? facts.Single(other => other.No == no).Fact : null)))
            .Concat(direct.Select(fact => new HistoryEntry(fact, "direct", null, [])))
            .OrderBy(entry => entry.Fact.RecordedAt)];
}
