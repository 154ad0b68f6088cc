using System.Text.Json.Serialization;

namespace Concordat.Server.Api;

// Shapes of the answers. The ones for pre-checks are written by hand in DecisionBodies; the records are what the OpenAPI
// document shows and what the tests read them with.

/// <summary>A decision of the gate.</summary>
internal sealed record DecisionDocument(
    bool Permitted, int? Code, string? Reason, string Rule, string? Since, IReadOnlyList<string> Remedies,
    IReadOnlyDictionary<string, string>? Facts);

/// <summary>Why an item of a list has no answer.</summary>
internal sealed record ItemProblem(string Code, string Detail, string? Field);

/// <summary>The answer to one item of a list.</summary>
internal sealed record PrecheckResult(string? Customer, DecisionDocument? Decision, ItemProblem? Problem);

/// <summary>The answers in the order of the items.</summary>
internal sealed record PrecheckListDocument(IReadOnlyList<PrecheckResult> Results);

/// <summary>A signatory; shown to agents only.</summary>
internal sealed record ContactDocument(string FirstName, string LastName, string Email, string? PhoneNumber);

/// <summary>
/// One thing on record, with its three times: accepted by the customer, stated by the partner, recorded here. <c>concerns</c> is the
/// entry of what it corrects, disputes or settles.
/// </summary>
internal sealed record FactDocument(
    string Kind, string AgreementType, string? AcceptedAt, string? AttestedAt, string RecordedAt, int Version, string VersionKnown,
    string Method, Guid Entry, ContactDocument? Contact, IReadOnlyList<FlagDocument> Flags, Guid? Concerns);

/// <summary>
/// Something about a record that a person should look at: <c>olderThanTemplate</c>, <c>olderThanCustomer</c>,
/// <c>similarSignatory</c>, with the time it is measured against and, for the last, the entry of the other record.
/// </summary>
internal sealed record FlagDocument(string Kind, string Reference, Guid? Entry);

/// <summary>Whether one action passes the gate now, and when that changes next.</summary>
internal sealed record VerdictDocument(string Action, bool Permitted, int? Code, string Rule, string? NextChange);

/// <summary>Everything that is on record about a customer and what it means today.</summary>
internal sealed record StandingDocument(
    Guid Customer, string Standing, bool AcceptedDirectly, string? DateAgreed, int? Version, string? VersionKnown, string At,
    string? NextChange, IReadOnlyList<FactDocument> Facts, IReadOnlyList<VerdictDocument> Verdicts);

/// <summary>A decision as it was recorded.</summary>
internal sealed record RecordedDecision(
    string At, Guid? Customer, string Operation, string Status, string? Resource, System.Text.Json.JsonElement Decision);

/// <summary>Every decision under one request id, oldest first.</summary>
internal sealed record ExplanationDocument(string RequestId, IReadOnlyList<RecordedDecision> Decisions);

/// <summary>How a date changes what customers may do.</summary>
internal sealed record ForecastDocument(
    string Now, string At, string Action, ForecastCounts? Counts, IReadOnlyList<Guid> NewlyBlocked, string? ContinuationToken);

/// <summary>Customers in each state; only with the first page.</summary>
internal sealed record ForecastCounts(
    long Customers, long BlockedNow, long BlockedThen, long NewlyBlocked, long NewlyPermitted, IReadOnlyDictionary<string, long> Standings);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StandingDocument))]
[JsonSerializable(typeof(ExplanationDocument))]
[JsonSerializable(typeof(ForecastDocument))]
internal sealed partial class ApiJson : JsonSerializerContext;
