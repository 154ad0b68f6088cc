using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;

namespace Concordat.Server.PartnerCenter;

/// <summary>A possible upgrade; sent back by the client with the one it wants.</summary>
internal sealed record WireUpgrade
{
    public WireOffer? TargetOffer { get; init; }

    public string? UpgradeType { get; init; }

    public bool? IsEligible { get; init; }

    public int? Quantity { get; init; }

    public WireAttributes? Attributes { get; init; }
}

internal sealed record WireOffer(string? Id, string? Name);

internal sealed record WireUpgradeResult(string SourceSubscriptionId, string TargetSubscriptionId, string UpgradeType)
{
    /// <summary>Always empty here: an upgrade happens as a whole or is refused.</summary>
    public IReadOnlyList<string> UpgradeErrors { get; } = [];

    public IReadOnlyList<string> LicenseErrors { get; } = [];

    public WireAttributes Attributes { get; } = new("UpgradeResult");
}

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireUpgrade))]
[JsonSerializable(typeof(WireCollection<WireUpgrade>))]
[JsonSerializable(typeof(WireUpgradeResult))]
internal sealed partial class UpgradeTypes : JsonSerializerContext;

/// <summary>The legacy way to move a subscription to another offer: list what is possible, ask for one.</summary>
internal static class Upgrades
{
    private const string Path = "customers/{customer}/subscriptions/{subscription}/upgrades";
    private const string OnlyUpgrade = "upgrade_only";
    private const string WithLicenses = "upgrade_with_license_transfer";

    public static void Map(WireRoutes routes)
    {
        routes.Get(Path, Access.Read, ListAsync, new("Lists what a subscription can be upgraded to."));
        routes.Post(Path, Access.Transact, UpgradeAsync,
            new("Upgrades a subscription to another product; the gate decides."));
    }

    private static async Task ListAsync(Call call)
    {
        var found = await Subscriptions.FindAsync(call);
        if (!found.TryGetValue(out var row, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var subscription = row.Subscription;
        WireUpgrade[] items = [.. Offers.MoveTargetsOf(subscription.Offer).Select(offer => new WireUpgrade
        {
            TargetOffer = new WireOffer(offer, Offers.NameOf(offer)),
            UpgradeType = OnlyUpgrade,
            IsEligible = subscription is { Status: "active", IsTrial: false },
            Quantity = subscription.Quantity,
            Attributes = new WireAttributes("Upgrade"),
        })];
        await call.RespondAsync(200, new WireCollection<WireUpgrade>(items.Length, items), UpgradeTypes.Default.WireCollectionWireUpgrade);
    }

    private static async Task UpgradeAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !call.Id("subscription").TryGetValue(out var id, out problem)
            || !call.Read(UpgradeTypes.Default.WireUpgrade).TryGetValue(out var body, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        if (Offers.Normalise(body.TargetOffer?.Id) is not { } offer)
        {
            await call.RefuseAsync(new Problem(ProblemCode.InvalidInput, "Name the offer to upgrade to.", "targetOffer.id"));
            return;
        }

        if (TypeOf(body.UpgradeType) is not { } type)
        {
            await call.RefuseAsync(new Problem(ProblemCode.UnknownEnumWord, $"upgradeType is {OnlyUpgrade} or {WithLicenses}.", "upgradeType"));
            return;
        }

        // The whole subscription goes along: a legacy upgrade has no part.
        var operation = new MoveSubscription(call.Parts.Context, call.Actor, customer, call.Key, id, new MoveRequest(offer, null, null, null), into: null);
        var outcome = await call.Parts.Transactions.RunAsync(operation);
        await (outcome.TryGetValue(out var moved, out problem)
            ? call.RespondAsync(200, new WireUpgradeResult(moved.Source.ToString("D"), moved.Target.ToString("D"), type),
                UpgradeTypes.Default.WireUpgradeResult)
            : call.RefuseAsync(problem));
    }

    private static string? TypeOf(string? word) => word?.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant() switch
    {
        null or "" or "NONE" or "UPGRADEONLY" => OnlyUpgrade,
        "UPGRADEWITHLICENSETRANSFER" => WithLicenses,
        _ => null,
    };
}
