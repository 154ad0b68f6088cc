using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>A possible conversion; sent back by the client.</summary>
internal sealed record WireConversion
{
    public string? OfferId { get; init; }

    public string? TargetOfferId { get; init; }

    public string? OrderId { get; init; }

    public int? Quantity { get; init; }

    public string? BillingCycle { get; init; }

    public string? TermDuration { get; init; }

    public WireAttributes? Attributes { get; init; }
}

internal sealed record WireConversionResult(string SubscriptionId, string? OfferId, string TargetOfferId)
{
    public WireAttributes Attributes { get; } = new("ConversionResult");
}

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireConversion))]
[JsonSerializable(typeof(WireCollection<WireConversion>))]
[JsonSerializable(typeof(WireConversionResult))]
internal sealed partial class ConversionTypes : JsonSerializerContext;

/// <summary>Trial to paid: list what is possible (one, or nothing for what is no trial), ask for it.</summary>
internal static class Conversions
{
    private const string Path = "customers/{customer}/subscriptions/{subscription}/conversions";

    public static void Map(WireRoutes routes)
    {
        routes.Get(Path, Access.Read, ListAsync, new("Lists what a trial can become.", Response: typeof(WireCollection<WireConversion>)));
        routes.Post(Path, Access.Transact, ConvertAsync, new(
            "Makes a trial a paid subscription; the gate decides.", Request: typeof(WireConversion), Response: typeof(WireConversionResult)));
    }

    private static async Task ListAsync(Call call) => await call.RespondAsync(
        200, await Subscriptions.FindAsync(call), row => Possible(row.Subscription), ConversionTypes.Default.WireCollectionWireConversion);

    private static WireCollection<WireConversion> Possible(Subscription trial)
    {
        WireConversion[] items = !trial.IsTrial || trial.Status != "active" ? [] :
        [
            new WireConversion
            {
                OfferId = trial.Offer,
                TargetOfferId = Offers.PaidFormOf(trial.Offer),
                OrderId = trial.OrderId.ToString("D"),
                Quantity = trial.Quantity,
                BillingCycle = trial.BillingCycle,
                Attributes = new WireAttributes("Conversion"),
            },
        ];
        return new WireCollection<WireConversion>(items.Length, items);
    }

    private static async Task ConvertAsync(Call call)
    {
        var asked = call.Read(ConversionTypes.Default.WireConversion).TryGetValue(out var body, out var problem) ? Asked(call, body) : problem;
        await call.TransactAsync(
            asked, 200, row => new WireConversionResult(row.Subscription.Id.ToString("D"), body!.OfferId, row.Subscription.Offer),
            ConversionTypes.Default.WireConversionResult);
    }

    private static Outcome<GatedOperation<SubscriptionRow>> Asked(Call call, WireConversion body)
    {
        if (!Subscriptions.Named(call).TryGetValue(out var named, out var problem)
            || !WireWords.BillingCycle(body.BillingCycle, "billingCycle").TryGetValue(out var cycle, out problem)
            || !WireWords.TermDuration(body.TermDuration, "termDuration").TryGetValue(out var term, out problem))
        {
            return problem;
        }

        return Offers.Normalise(body.TargetOfferId) is { } target
            ? new ConvertTrial(call.Parts.Context, call.Actor, named.Customer, call.Key, named.Subscription,
                new MoveRequest(target, body.Quantity is 0 ? null : body.Quantity, term.Value, cycle.Value))
            : new Problem(ProblemCode.InvalidInput, "The target is the one that GET conversions lists.", "targetOfferId");
    }
}
