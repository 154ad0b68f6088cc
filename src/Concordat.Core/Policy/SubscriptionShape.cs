namespace Concordat.Core.Policy;

/// <summary>
/// The members of a subscription that decide what a change is. In a sent resource null means "not sent": members of the term
/// then stay as they are, but an omitted <see cref="AutoRenewEnabled"/> turns it off and an omitted
/// <see cref="ScheduledNextTermInstructions"/> deletes them, as Partner Center's PATCH carries the whole resource.
/// </summary>
public sealed record SubscriptionShape
{
    /// <summary>Seats.</summary>
    public int? Quantity { get; init; }
    /// <summary>ISO 8601 duration: P1M, P1Y, P3Y.</summary>
    public string? TermDuration { get; init; }
    /// <summary>monthly, annual, triennial, one_time, none, in any casing.</summary>
    public string? BillingCycle { get; init; }
    /// <summary>none, active, pending, suspended, expired, disabled, deleted, in any casing.</summary>
    public string? Status { get; init; }
    /// <summary>Whether the system renews at term end.</summary>
    public bool? AutoRenewEnabled { get; init; }
    /// <summary>The partner's name for it.</summary>
    public string? FriendlyName { get; init; }
    /// <summary>MPN id of the partner of record.</summary>
    public string? PartnerId { get; init; }
    /// <summary>End of the running term, UTC.</summary>
    public DateTimeOffset? CommitmentEndDate { get; init; }
    /// <summary>End date that aligns the term with another subscription, UTC.</summary>
    public DateTimeOffset? CustomTermEndDate { get; init; }
    /// <summary>What is to change at term end.</summary>
    public NextTermShape? ScheduledNextTermInstructions { get; init; }
}

/// <summary>Instructions for the next term; null members are left to the service.</summary>
public sealed record NextTermShape
{
    /// <summary>Product.</summary>
    public string? ProductId { get; init; }
    /// <summary>SKU.</summary>
    public string? SkuId { get; init; }
    /// <summary>Availability.</summary>
    public string? AvailabilityId { get; init; }
    /// <summary>Seats.</summary>
    public int? Quantity { get; init; }
    /// <summary>Billing cycle, in any casing.</summary>
    public string? BillingCycle { get; init; }
    /// <summary>ISO 8601 duration.</summary>
    public string? TermDuration { get; init; }
    /// <summary>Promotion.</summary>
    public string? PromotionId { get; init; }
    /// <summary>End date of the next term, UTC.</summary>
    public DateTimeOffset? CustomTermEndDate { get; init; }
}

/// <summary>The members of an order that decide what a change is.</summary>
/// <param name="BillingCycle">In any casing; null when not sent.</param>
/// <param name="Lines">The lines; lines that are stored and not sent stay as they are.</param>
public sealed record OrderShape(string? BillingCycle, IReadOnlyList<OrderLineShape> Lines);

/// <summary>One line of an order.</summary>
/// <param name="LineItemNumber">Its number; add-on requests may use one that is taken.</param>
/// <param name="OfferId">What is bought: a legacy offer, or <c>product:sku:availability</c>.</param>
/// <param name="Quantity">Seats.</param>
/// <param name="ParentSubscriptionId">The subscription that an add-on belongs to, else null.</param>
public sealed record OrderLineShape(int LineItemNumber, string OfferId, int Quantity, string? ParentSubscriptionId = null);
