using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;

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
        routes.Get(Path, Access.Read, ListAsync, new("Lists what a trial can become."));
        routes.Post(Path, Access.Transact, ConvertAsync, new("Makes a trial a paid subscription; the gate decides."));
    }

    private static async Task ListAsync(Call call)
    {
        var found = await Subscriptions.FindAsync(call);
        if (!found.TryGetValue(out var row, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var trial = row.Subscription;
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
        await call.RespondAsync(200, new WireCollection<WireConversion>(items.Length, items), ConversionTypes.Default.WireCollectionWireConversion);
    }

    private static async Task ConvertAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !call.Id("subscription").TryGetValue(out var id, out problem)
            || !call.Read(ConversionTypes.Default.WireConversion).TryGetValue(out var body, out problem)
            || !WireWords.BillingCycle(body.BillingCycle, "billingCycle").TryGetValue(out var cycle, out problem)
            || !WireWords.TermDuration(body.TermDuration, "termDuration").TryGetValue(out var term, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        if (Offers.Normalise(body.TargetOfferId) is not { } target)
        {
            await call.RefuseAsync(new Problem(ProblemCode.InvalidInput, "The target is the one that GET conversions lists.", "targetOfferId"));
            return;
        }

        var request = new MoveRequest(target, body.Quantity is 0 ? null : body.Quantity, term.Value, cycle.Value);
        var outcome = await call.Parts.Transactions.RunAsync(
            new ConvertTrial(call.Parts.Context, call.Actor, customer, call.Key, id, request));
        await (outcome.TryGetValue(out var row, out problem)
            ? call.RespondAsync(200, new WireConversionResult(row.Subscription.Id.ToString("D"), body.OfferId, row.Subscription.Offer),
                ConversionTypes.Default.WireConversionResult)
            : call.RefuseAsync(problem));
    }
}
