using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

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

internal sealed record WireTransitionEvent(string? Name, string? Status, string? Timestamp)
{
    public WireAttributes Attributes { get; } = new("TransitionEvent");
}

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
[JsonSerializable(typeof(WireCollection<WireTransition>))]
[JsonSerializable(typeof(WireCollection<WireTransitionEligibility>))]
internal sealed partial class TransitionTypes : JsonSerializerContext;

/// <summary>The new-commerce way to move seats to another item, wholly or in part: what is possible, do it, what was done.</summary>
internal static class Transitions
{
    private const string One = "customers/{customer}/subscriptions/{subscription}";
    private const string Only = "transition_only";
    private const string WithLicenses = "transition_with_license_transfer";

    public static void Map(WireRoutes routes)
    {
        routes.Get($"{One}/transitioneligibilities", Access.Read, EligibilitiesAsync, new(
            "Lists what a subscription can move to.", Response: typeof(WireCollection<WireTransitionEligibility>))
        {
            Query = [new("eligibilityType", "immediate or scheduled; the same list for both.")],
        });
        routes.Post($"{One}/transitions", Access.Transact, MoveAsync, new(
            "Moves a subscription to another product; the gate decides.", Request: typeof(WireTransition), Response: typeof(WireTransition)));
        routes.Get($"{One}/transitions", Access.Read, ListAsync, new(
            "Lists the moves of a subscription's seats to other products, oldest first.", Response: typeof(WireCollection<WireTransition>))
        {
            Query = [new("operationId", "One of them; operation-id is read as well.")],
        });
    }

    private static async Task EligibilitiesAsync(Call call)
    {
        var found = call.Query("eligibilityType") is { } kind && kind.ToUpperInvariant() is not ("IMMEDIATE" or "SCHEDULED")
            ? new Problem(ProblemCode.UnknownEnumWord, "eligibilityType is immediate or scheduled.", "eligibilityType")
            : await Subscriptions.FindAsync(call);
        await call.RespondAsync(200, found, row => Possible(row.Subscription), TransitionTypes.Default.WireCollectionWireTransitionEligibility);
    }

    private static WireCollection<WireTransitionEligibility> Possible(Subscription subscription)
    {
        var eligible = subscription is { Status: "active", IsTrial: false };
        WireTransitionEligibility[] items = [.. Offers.MoveTargetsOf(subscription.Offer).Select(offer => new WireTransitionEligibility(
            offer, Offers.NameOf(offer), subscription.Quantity, [new WireEligibility(eligible, Only), new WireEligibility(eligible, WithLicenses)]))];
        return new WireCollection<WireTransitionEligibility>(items.Length, items);
    }

    private static async Task ListAsync(Call call)
    {
        var found = await Subscriptions.FindAsync(call);
        if (!found.TryGetValue(out var row, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var history = await call.ReadAsync(tx => TransitionRows.OfSubscriptionAsync(tx, call.Partner.Id, row.Customer, row.Subscription.Id));
        var wanted = call.Query("operationId") ?? call.Query("operation-id");
        WireTransition[] items = [.. history.Select(ToWire).Where(item => wanted is null || wanted.Equals(item.OperationId, StringComparison.OrdinalIgnoreCase))];
        await call.RespondAsync(200, new WireCollection<WireTransition>(items.Length, items), TransitionTypes.Default.WireCollectionWireTransition);
    }

    private static Task MoveAsync(Call call) => call.TransactAsync(Asked(call), 200, ToWire, TransitionTypes.Default.WireTransition);

    private static Outcome<GatedOperation<Transition>> Asked(Call call)
    {
        if (!Subscriptions.Named(call).TryGetValue(out var named, out var problem)
            || !call.Read(TransitionTypes.Default.WireTransition).TryGetValue(out var body, out problem)
            || !WireWords.MovesLicenses(body.TransitionType, "transition", "transitionType").TryGetValue(out var licenses, out problem)
            || !WireWords.TermDuration(body.TermDuration, "termDuration").TryGetValue(out var term, out problem)
            || !WireWords.BillingCycle(body.BillingCycle, "billingCycle").TryGetValue(out var cycle, out problem))
        {
            return problem;
        }

        var into = Guid.Empty;
        if (body.ToSubscriptionId is { Length: > 0 } sent && !Guids.TryParse(sent, out into))
        {
            return new Problem(ProblemCode.InvalidInput, "toSubscriptionId is the id of a subscription.", "toSubscriptionId");
        }

        return Offers.Normalise(body.ToCatalogItemId) is { } offer
            ? new MoveSubscription(call.Parts.Context, call.Actor, named.Customer, call.Key, named.Subscription,
                new MoveRequest(offer, body.Quantity is 0 ? null : body.Quantity, term.Value, cycle.Value),
                into == Guid.Empty ? null : into, licenses, keepHistory: true)
            : new Problem(ProblemCode.InvalidInput, "toCatalogItemId is product:sku:availability.", "toCatalogItemId");
    }

    private static WireTransition ToWire(Transition transition) => new()
    {
        OperationId = transition.Id.ToString("D"),
        FromCatalogItemId = transition.FromOffer,
        FromSubscriptionId = transition.Source.ToString("D"),
        ToCatalogItemId = transition.ToOffer,
        ToSubscriptionId = transition.Target.ToString("D"),
        Quantity = transition.Quantity,
        TermDuration = transition.TermDuration,
        BillingCycle = transition.BillingCycle,
        TransitionType = transition.MovesLicenses ? WithLicenses : Only,
        Events = [new WireTransitionEvent("Conversion", "Completed", LedgerEntry.Instant(transition.At))],
        Attributes = new WireAttributes("Transition"),
    };
}
