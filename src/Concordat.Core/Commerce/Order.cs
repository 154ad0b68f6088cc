namespace Concordat.Core.Commerce;

/// <summary>An order as placed. Enumeration words are stored in the one spelling that every client reads (lower case, snake).</summary>
/// <param name="Id">The order's id.</param>
/// <param name="Customer">The customer that buys.</param>
/// <param name="BillingCycle"><c>monthly</c>, <c>annual</c>, <c>one_time</c>, <c>triennial</c>, <c>none</c>.</param>
/// <param name="CurrencyCode">ISO 4217; a sandbox has no price list, prices are zero.</param>
/// <param name="Lines">At least one.</param>
/// <param name="CreatedAt">By the policy clock, UTC.</param>
/// <param name="Status"><c>completed</c>: provisioning is immediate here.</param>
public sealed record Order(
    Guid Id, CustomerId Customer, string BillingCycle, string CurrencyCode, IReadOnlyList<OrderLine> Lines, DateTimeOffset CreatedAt,
    string Status = "completed");

/// <summary>One line of an order and the subscription it made.</summary>
/// <param name="LineItemNumber">Unique within the order, from 0.</param>
/// <param name="Offer">What is bought.</param>
/// <param name="Quantity">Seats, 1 or more.</param>
/// <param name="FriendlyName">The partner's name for it; the catalogue's name by default.</param>
/// <param name="TermDuration"><c>P1M</c>, <c>P1Y</c>, <c>P3Y</c>, or null for offers without a term.</param>
/// <param name="SubscriptionId">The subscription that was provisioned.</param>
/// <param name="ParentSubscriptionId">Set for an add-on.</param>
/// <param name="PartnerIdOnRecord">MPN id of the reseller of record.</param>
public sealed record OrderLine(
    int LineItemNumber, string Offer, int Quantity, string FriendlyName, string? TermDuration, Guid SubscriptionId,
    Guid? ParentSubscriptionId = null, string? PartnerIdOnRecord = null);
