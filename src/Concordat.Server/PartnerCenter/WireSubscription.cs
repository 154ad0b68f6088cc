using System.Globalization;
using System.Text.Json.Serialization;
using Concordat.Core.Commerce;
using Concordat.Core.Ledger;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>A subscription as answered. Dates without a value are left out: null makes the .NET SDK fail.</summary>
internal sealed record WireSubscription
{
    public required string Id { get; init; }

    public required string OfferId { get; init; }

    public required string OfferName { get; init; }

    public required string FriendlyName { get; init; }

    public required WireProductType ProductType { get; init; }

    public required int Quantity { get; init; }

    public string UnitType { get; init; } = "Licenses";

    public string? ParentSubscriptionId { get; init; }

    public required string CreationDate { get; init; }

    public required string EffectiveStartDate { get; init; }

    public string? CommitmentEndDate { get; init; }

    public required string Status { get; init; }

    public required bool AutoRenewEnabled { get; init; }

    public required bool IsTrial { get; init; }

    public bool IsMicrosoftProduct { get; init; } = true;

    public string PublisherName { get; init; } = "Microsoft Corporation";

    public string BillingType { get; init; } = "license";

    public required string BillingCycle { get; init; }

    public string? TermDuration { get; init; }

    public string? RenewalTermDuration { get; init; }

    public required WireRefundableQuantity RefundableQuantity { get; init; }

    public WireNextTerm? ScheduledNextTermInstructions { get; init; }

    public string? PartnerId { get; init; }

    public required string OrderId { get; init; }

    public string ContractType { get; init; } = "subscription";

    public required WireSubscriptionLinks Links { get; init; }

    public required WireAttributes Attributes { get; init; }

    /// <summary>As it stands at <paramref name="now"/> (policy clock), which decides what is refundable.</summary>
    public static WireSubscription Of(SubscriptionRow row, DateTimeOffset now)
    {
        var subscription = row.Subscription;
        var path = $"/customers/{row.Customer}/subscriptions/";
        var open = Seats.Refundable(subscription, now);
        return new WireSubscription
        {
            Id = subscription.Id.ToString("D"),
            OfferId = subscription.Offer,
            OfferName = subscription.OfferName,
            FriendlyName = subscription.FriendlyName,
            ProductType = Offers.IsLegacy(subscription.Offer)
                ? new WireProductType("OnlineServices", "Online services")
                : new WireProductType("OnlineServicesNCE", "Online services"),
            Quantity = subscription.Quantity,
            ParentSubscriptionId = subscription.ParentId?.ToString("D"),
            CreationDate = LedgerEntry.Instant(subscription.CreatedAt),
            EffectiveStartDate = LedgerEntry.Instant(subscription.TermStart),
            CommitmentEndDate = subscription.TermEnd is { } end ? LedgerEntry.Instant(end) : null,
            Status = SubscriptionChange.WireStatus(subscription.Status),
            AutoRenewEnabled = subscription.AutoRenewEnabled,
            IsTrial = subscription.IsTrial,
            BillingCycle = subscription.BillingCycle,
            TermDuration = subscription.TermDuration,
            RenewalTermDuration = subscription.Scheduled?.TermDuration ?? subscription.TermDuration,
            RefundableQuantity = new WireRefundableQuantity(open.Sum(increase => increase.Quantity),
                [.. open.Select(increase => new WireRefundableSeats(increase.Quantity, LedgerEntry.Instant(increase.RefundableUntil)))]),
            ScheduledNextTermInstructions = subscription.Scheduled is { } next ? WireNextTerm.Of(next) : null,
            PartnerId = subscription.PartnerIdOnRecord,
            OrderId = subscription.OrderId.ToString("D"),
            Links = new WireSubscriptionLinks(new WireLink($"{path}{subscription.Id:D}"),
                subscription.ParentId is { } parent ? new WireLink($"{path}{parent:D}") : null),
            Attributes = new WireAttributes("Subscription", row.Etag.ToString(CultureInfo.InvariantCulture)),
        };
    }
}

internal sealed record WireProductType(string Id, string DisplayName);

internal sealed record WireRefundableQuantity(int TotalQuantity, IReadOnlyList<WireRefundableSeats> Details);

internal sealed record WireRefundableSeats(int Quantity, string AllowedUntilDateTime);

internal sealed record WireSubscriptionLinks(WireLink Self, WireLink? ParentSubscription);

internal sealed record WireSubscriptionStatus(string SkuId, string Status, int Quantity, string? EndDate)
{
    public WireAttributes Attributes { get; } = new("SubscriptionProvisioningStatus");
}

/// <summary>Instructions for the next term, in both directions.</summary>
internal sealed record WireNextTerm(WireNextProduct? Product, int? Quantity, string? CustomTermEndDate)
{
    public static WireNextTerm Of(ScheduledTerm next)
    {
        var product = new WireNextProduct(
            next.ProductId, next.SkuId, next.AvailabilityId, next.BillingCycle, next.TermDuration, next.PromotionId);
        return new WireNextTerm(product == new WireNextProduct(null, null, null, null, null, null) ? null : product,
            next.Quantity, next.CustomTermEnd is { } end ? LedgerEntry.Instant(end) : null);
    }
}

internal sealed record WireNextProduct(
    string? ProductId, string? SkuId, string? AvailabilityId, string? BillingCycle, string? TermDuration, string? PromotionId);

/// <summary>The members of a sent subscription that can change something; the rest of the resource is not looked at.</summary>
internal sealed record SentSubscription
{
    public string? FriendlyName { get; init; }

    public int? Quantity { get; init; }

    public string? CommitmentEndDate { get; init; }

    public string? CustomTermEndDate { get; init; }

    public string? Status { get; init; }

    public bool? AutoRenewEnabled { get; init; }

    public string? BillingCycle { get; init; }

    public string? TermDuration { get; init; }

    public string? PartnerId { get; init; }

    public WireNextTerm? ScheduledNextTermInstructions { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireSubscription))]
[JsonSerializable(typeof(WireCollection<WireSubscription>))]
[JsonSerializable(typeof(WireSubscriptionStatus))]
[JsonSerializable(typeof(SentSubscription))]
internal sealed partial class SubscriptionTypes : JsonSerializerContext;
