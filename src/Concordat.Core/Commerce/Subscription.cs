namespace Concordat.Core.Commerce;

/// <summary>A subscription as it stands. Words are stored in the one spelling that every client reads.</summary>
/// <param name="Id">The subscription's id.</param>
/// <param name="OrderId">The order that made it.</param>
/// <param name="Offer"><c>product:sku:availability</c>, or a legacy offer id.</param>
/// <param name="OfferName">Name from the catalogue, or the offer itself.</param>
/// <param name="FriendlyName">The partner's own name.</param>
/// <param name="Quantity">Seats, 1 or more.</param>
/// <param name="Status"><c>active</c>, <c>suspended</c>, <c>deleted</c>, <c>expired</c>.</param>
/// <param name="AutoRenewEnabled">Renewed by the system at term end; never gated.</param>
/// <param name="IsTrial">A trial that can be converted.</param>
/// <param name="BillingCycle">As on the order.</param>
/// <param name="TermDuration">ISO 8601 duration, or null.</param>
/// <param name="CreatedAt">When it was bought, UTC, policy clock.</param>
/// <param name="TermStart">Start of the current term.</param>
/// <param name="TermEnd">End of the current term; null for offers without one.</param>
/// <param name="PartnerIdOnRecord">MPN id of the reseller of record.</param>
/// <param name="ParentId">The subscription this is an add-on of.</param>
/// <param name="Scheduled">What changes with the next term; null when nothing.</param>
/// <param name="Increases">Seat increases whose refund window may still be open.</param>
public sealed record Subscription(
    Guid Id, Guid OrderId, string Offer, string OfferName, string FriendlyName, int Quantity, string Status, bool AutoRenewEnabled,
    bool IsTrial, string BillingCycle, string? TermDuration, DateTimeOffset CreatedAt, DateTimeOffset TermStart, DateTimeOffset? TermEnd,
    string? PartnerIdOnRecord, Guid? ParentId, ScheduledTerm? Scheduled, IReadOnlyList<SeatIncrease> Increases)
{
    /// <summary>
    /// The day of the month (29 to 31) that terms return to, when the running one had to begin on an earlier day because its
    /// month is shorter; null otherwise.
    /// </summary>
    public int? AnchorDay { get; init; }
}

/// <summary>What changes with the next term (<c>scheduledNextTermInstructions</c>).</summary>
public sealed record ScheduledTerm(
    string? ProductId, string? SkuId, string? AvailabilityId, string? BillingCycle, string? TermDuration, string? PromotionId,
    int? Quantity, DateTimeOffset? CustomTermEnd);

/// <summary>Seats bought at one moment; they can be given back until <paramref name="RefundableUntil"/>.</summary>
public sealed record SeatIncrease(int Quantity, DateTimeOffset RefundableUntil);
