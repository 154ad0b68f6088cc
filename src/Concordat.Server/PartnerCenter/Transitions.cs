using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;

namespace Concordat.Server.PartnerCenter;

/// <summary>A transition in both directions.</summary>
internal sealed record WireTransition
{
    public string? OperationId { get; init; }

    public string? FromCatalogItemId { get; init; }

    public string? FromSubscriptionId { get; init; }

    public string? ToCatalogItemId { get; init; }

    public string? ToSubscriptionId { get; init; }

    public int? Quantity { get; init; }

    public string? TermDuration { get; init; }

    public string? BillingCycle { get; init; }

    public string? TransitionType { get; init; }

    public IReadOnlyList<WireTransitionEvent>? Events { get; init; }

    public WireAttributes? Attributes { get; init; }
}

internal sealed record WireTransitionEvent(string? Name, string? Status, string? Timestamp);

internal sealed record WireTransitionEligibility(string CatalogItemId, string Title, int Quantity, IReadOnlyList<WireEligibility> Eligibilities)
{
    public WireAttributes Attributes { get; } = new("TransitionEligibility");
}

internal sealed record WireEligibility(bool IsEligible, string TransitionType)
{
    public IReadOnlyList<string> Errors { get; } = [];
}

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireTransition))]
[JsonSerializable(typeof(WireCollection<WireTransitionEligibility>))]
internal sealed partial class TransitionTypes : JsonSerializerContext;

/// <summary>The new-commerce way to move seats to another item, wholly or in part.</summary>
internal static class Transitions
{
    private const string One = "customers/{customer}/subscriptions/{subscription}";
    private const string Only = "transition_only";
    private const string WithLicenses = "transition_with_license_transfer";

    public static void Map(WireRoutes routes)
    {
        routes.Get($"{One}/transitioneligibilities", Access.Read, EligibilitiesAsync,
            new("Lists what a subscription can move to."));
        routes.Post($"{One}/transitions", Access.Transact, MoveAsync,
            new("Moves a subscription to another product; the gate decides."));
    }

    private static async Task EligibilitiesAsync(Call call)
    {
        var found = await Subscriptions.FindAsync(call);
        if (!found.TryGetValue(out var row, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        if (call.Query("eligibilityType") is { } kind && kind.ToUpperInvariant() is not ("IMMEDIATE" or "SCHEDULED"))
        {
            await call.RefuseAsync(new Problem(ProblemCode.UnknownEnumWord, "eligibilityType is immediate or scheduled.", "eligibilityType"));
            return;
        }

        var subscription = row.Subscription;
        var eligible = subscription is { Status: "active", IsTrial: false };
        WireTransitionEligibility[] items = [.. Offers.MoveTargetsOf(subscription.Offer).Select(offer => new WireTransitionEligibility(
            offer, Offers.NameOf(offer), subscription.Quantity, [new WireEligibility(eligible, Only), new WireEligibility(eligible, WithLicenses)]))];
        await call.RespondAsync(200, new WireCollection<WireTransitionEligibility>(items.Length, items),
            TransitionTypes.Default.WireCollectionWireTransitionEligibility);
    }

    private static async Task MoveAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !call.Id("subscription").TryGetValue(out var id, out problem)
            || !call.Read(TransitionTypes.Default.WireTransition).TryGetValue(out var body, out problem)
            || !RequestOf(body).TryGetValue(out var request, out problem)
            || !IntoOf(body).TryGetValue(out var into, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var operation = new MoveSubscription(call.Parts.Context, call.Actor, customer, call.Key, id, request, into.Value);
        var outcome = await call.Parts.Transactions.RunAsync(operation);
        await (outcome.TryGetValue(out var moved, out problem)
            ? call.RespondAsync(200, ToWire(body, request, moved), TransitionTypes.Default.WireTransition)
            : call.RefuseAsync(problem));
    }

    private static Outcome<MoveRequest> RequestOf(WireTransition body)
    {
        if (Offers.Normalise(body.ToCatalogItemId) is not { } offer)
        {
            return new Problem(ProblemCode.InvalidInput, "toCatalogItemId is product:sku:availability.", "toCatalogItemId");
        }

        if (TypeOf(body.TransitionType) is null)
        {
            return new Problem(ProblemCode.UnknownEnumWord, $"transitionType is {Only} or {WithLicenses}.", "transitionType");
        }

        return WireWords.TermDuration(body.TermDuration, "termDuration").TryGetValue(out var term, out var problem)
            && WireWords.BillingCycle(body.BillingCycle, "billingCycle").TryGetValue(out var cycle, out problem)
            ? new MoveRequest(offer, body.Quantity is 0 ? null : body.Quantity, term.Value, cycle.Value)
            : problem;
    }

    private static Outcome<Given<Guid?>> IntoOf(WireTransition body) =>
        body.ToSubscriptionId is null or "" ? new Given<Guid?>(null)
        : Guids.TryParse(body.ToSubscriptionId, out var id) ? new Given<Guid?>(id)
        : new Problem(ProblemCode.InvalidInput, "toSubscriptionId is the id of a subscription.", "toSubscriptionId");

    private static string? TypeOf(string? word) => word?.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant() switch
    {
        null or "" or "NONE" or "TRANSITIONONLY" => Only,
        "TRANSITIONWITHLICENSETRANSFER" => WithLicenses,
        _ => null,
    };

    private static WireTransition ToWire(WireTransition body, MoveRequest request, MoveResult moved) => new()
    {
        // The same for a repeated request, as it is answered from what was kept.
        OperationId = moved.Target.ToString("D"),
        FromCatalogItemId = body.FromCatalogItemId,
        FromSubscriptionId = moved.Source.ToString("D"),
        ToCatalogItemId = request.Offer,
        ToSubscriptionId = moved.Target.ToString("D"),
        Quantity = request.Quantity,
        TermDuration = request.TermDuration,
        BillingCycle = request.BillingCycle,
        TransitionType = TypeOf(body.TransitionType),
        Events = [new WireTransitionEvent("Conversion", "completed", LedgerEntry.Instant(moved.At))],
        Attributes = new WireAttributes("Transition"),
    };
}
