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
        routes.Get(Path, Access.Read, ListAsync, new(
            "Lists what a subscription can be upgraded to.", Response: typeof(WireCollection<WireUpgrade>)));
        routes.Post(Path, Access.Transact, UpgradeAsync, new(
            "Upgrades a subscription to another product; the gate decides.", Request: typeof(WireUpgrade), Response: typeof(WireUpgradeResult)));
    }

    private static async Task ListAsync(Call call) => await call.RespondAsync(
        200, await Subscriptions.FindAsync(call), row => Possible(row.Subscription), UpgradeTypes.Default.WireCollectionWireUpgrade);

    private static WireCollection<WireUpgrade> Possible(Subscription subscription)
    {
        WireUpgrade[] items = [.. Offers.MoveTargetsOf(subscription.Offer).Select(offer => new WireUpgrade
        {
            TargetOffer = new WireOffer(offer, Offers.NameOf(offer)),
            UpgradeType = OnlyUpgrade,
            IsEligible = subscription is { Status: "active", IsTrial: false },
            Quantity = subscription.Quantity,
            Attributes = new WireAttributes("Upgrade"),
        })];
        return new WireCollection<WireUpgrade>(items.Length, items);
    }

    private static Task UpgradeAsync(Call call) => call.TransactAsync(
        Asked(call), 200,
        moved => new WireUpgradeResult(moved.Source.ToString("D"), moved.Target.ToString("D"), moved.MovesLicenses ? WithLicenses : OnlyUpgrade),
        UpgradeTypes.Default.WireUpgradeResult);

    private static Outcome<GatedOperation<Transition>> Asked(Call call)
    {
        if (!Subscriptions.Named(call).TryGetValue(out var named, out var problem)
            || !call.Read(UpgradeTypes.Default.WireUpgrade).TryGetValue(out var body, out problem)
            || !WireWords.MovesLicenses(body.UpgradeType, "upgrade", "upgradeType").TryGetValue(out var licenses, out problem))
        {
            return problem;
        }

        // The whole subscription goes along: a legacy upgrade has no part.
        return Offers.Normalise(body.TargetOffer?.Id) is { } offer
            ? new MoveSubscription(call.Parts.Context, call.Actor, named.Customer, call.Key, named.Subscription,
                new MoveRequest(offer, null, null, null), into: null, licenses, keepHistory: false)
            : new Problem(ProblemCode.InvalidInput, "Name the offer to upgrade to.", "targetOffer.id");
    }
}
