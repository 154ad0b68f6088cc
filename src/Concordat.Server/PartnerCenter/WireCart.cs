using System.Text.Json.Serialization;
using Concordat.Core.Commerce;
using Concordat.Core.Ledger;

namespace Concordat.Server.PartnerCenter;

/// <summary>A cart as answered.</summary>
internal sealed record WireCart
{
    public required string Id { get; init; }

    public required string CreationTimestamp { get; init; }

    public required string LastModifiedTimestamp { get; init; }

    public required string ExpirationTimestamp { get; init; }

    public required string Status { get; init; }

    public required IReadOnlyList<WireCartLine> LineItems { get; init; }

    public required WireLinks Links { get; init; }

    public WireAttributes Attributes { get; init; } = new("Cart");

    public static WireCart Of(Cart cart) => new()
    {
        Id = cart.Id.ToString("D"),
        CreationTimestamp = LedgerEntry.Instant(cart.CreatedAt),
        LastModifiedTimestamp = LedgerEntry.Instant(cart.ModifiedAt),
        ExpirationTimestamp = LedgerEntry.Instant(cart.ExpiresAt),
        Status = cart.Status,
        LineItems = [.. cart.Lines.Where(line => line.ParentLine is null).Select(line => WireCartLine.Of(line, cart.Lines))],
        Links = new WireLinks(new WireLink($"/customers/{cart.Customer}/carts/{cart.Id:D}")),
    };
}

/// <summary>A line in both directions; <c>catalogItemId</c> is called <c>catalogId</c> in one table of the documentation.</summary>
internal sealed record WireCartLine
{
    public int? Id { get; init; }

    public string? CatalogItemId { get; init; }

    public string? CatalogId { get; init; }

    public string? FriendlyName { get; init; }

    public int? Quantity { get; init; }

    public string? CurrencyCode { get; init; }

    public string? BillingCycle { get; init; }

    public string? TermDuration { get; init; }

    public IReadOnlyList<WireParticipant>? Participants { get; init; }

    public string? OrderGroup { get; init; }

    public IReadOnlyList<WireCartLine>? AddonItems { get; init; }

    public WireCartLineError? Error { get; init; }

    public static WireCartLine Of(CartLine line, IReadOnlyList<CartLine> all)
    {
        WireCartLine[] addOns = [.. all.Where(other => other.ParentLine == line.Id).Select(other => Of(other, all))];
        return new WireCartLine
        {
            Id = line.Id,
            CatalogItemId = line.CatalogItem,
            FriendlyName = line.FriendlyName,
            Quantity = line.Quantity,
            CurrencyCode = line.CurrencyCode,
            BillingCycle = line.BillingCycle,
            TermDuration = line.TermDuration,
            Participants = line.PartnerIdOnRecord is { } mpn ? [new WireParticipant(WireParticipant.Reseller, mpn)] : null,
            OrderGroup = line.OrderGroup,
            AddonItems = addOns.Length == 0 ? null : addOns,
            Error = line.Error is { } word ? new WireCartLineError(word, "catalogItemId is product:sku:availability.") : null,
        };
    }
}

internal sealed record WireParticipant(string? Key, string? Value)
{
    /// <summary>The key under which the reseller of record stands.</summary>
    public const string Reseller = "transaction_reseller";
}

internal sealed record WireCartLineError(string? ErrorCode, string? ErrorDescription);

/// <summary>A cart as sent: nothing but its lines is looked at.</summary>
internal sealed record SentCart(IReadOnlyList<WireCartLine?>? LineItems);

/// <summary>What a checkout answers.</summary>
internal sealed record WireCheckout(IReadOnlyList<WireOrder> Orders, IReadOnlyList<WireOrderError> OrderErrors)
{
    public WireAttributes Attributes { get; } = new("CartCheckoutResult");
}

internal sealed record WireOrderError(string OrderGroupId, int Code, string Description);

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireCart))]
[JsonSerializable(typeof(SentCart))]
[JsonSerializable(typeof(WireCheckout))]
internal sealed partial class CartTypes : JsonSerializerContext;
