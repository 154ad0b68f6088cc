namespace Concordat.Core.Commerce;

/// <summary>What a customer is about to buy. Nothing is bought, and the gate is not asked, before it is checked out.</summary>
/// <param name="Id">The cart's id.</param>
/// <param name="Customer">Whose it is.</param>
/// <param name="Status"><c>active</c> or <c>ordered</c>.</param>
/// <param name="Lines">In the order sent.</param>
/// <param name="CreatedAt">UTC, policy clock.</param>
/// <param name="ModifiedAt">UTC, policy clock.</param>
/// <param name="ExpiresAt">UTC, policy clock; from then on it can neither be changed nor checked out.</param>
public sealed record Cart(
    Guid Id, CustomerId Customer, string Status, IReadOnlyList<CartLine> Lines, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt,
    DateTimeOffset ExpiresAt)
{
    /// <summary>How long a cart lives: seven days (domain reference, T2).</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>Why it can neither be changed nor checked out at <paramref name="now"/>; null when it can.</summary>
    public Problem? ClosedAt(DateTimeOffset now) =>
        Status == "ordered" ? new Problem(ProblemCode.CartAlreadySubmitted, "The cart was checked out. Create a new one.")
        : now >= ExpiresAt ? new Problem(ProblemCode.StateConflict, "The cart has expired: it lives seven days. Create a new one.")
        : null;

    /// <summary>The first line that cannot be bought, as a problem; null when all can.</summary>
    public Problem? FaultyLine() => Lines.FirstOrDefault(line => line.Error is not null) is { } faulty
        ? new Problem(ProblemCode.StateConflict, $"Line {faulty.Id} of the cart has an error. Correct or remove it.", "lineItems")
        : null;

    /// <summary>The lines that make one order each: those of one billing cycle and currency.</summary>
    public IEnumerable<IGrouping<string, CartLine>> OrderGroups() => Lines.GroupBy(line => line.OrderGroup);
}

/// <summary>One line of a cart; words in the stored spelling.</summary>
/// <param name="Id">Unique within the cart, from 0.</param>
/// <param name="CatalogItem">What is to be bought; as sent when <paramref name="Error"/> says it is none.</param>
/// <param name="Quantity">Seats, 1 or more.</param>
/// <param name="BillingCycle">As on an order.</param>
/// <param name="CurrencyCode">ISO 4217.</param>
/// <param name="TermDuration">ISO 8601 duration, or null.</param>
/// <param name="FriendlyName">The partner's name for it.</param>
/// <param name="PartnerIdOnRecord">MPN id of the reseller of record.</param>
/// <param name="OrderGroup">Lines with the same one are ordered together.</param>
/// <param name="ParentLine">The line that this is an add-on of; null for a line of its own.</param>
/// <param name="Error">The wire's word for why it cannot be bought; null when it can.</param>
public sealed record CartLine(
    int Id, string CatalogItem, int Quantity, string BillingCycle, string CurrencyCode, string? TermDuration, string? FriendlyName,
    string? PartnerIdOnRecord, string OrderGroup, int? ParentLine = null, string? Error = null);

/// <summary>A checkout's answer: kept, so that a repeated checkout gets the same one.</summary>
public sealed record CheckedOut(Guid Cart, IReadOnlyList<Order> Orders);

/// <summary>A legacy subscription that went to new commerce.</summary>
/// <param name="Id">The migration's id.</param>
/// <param name="Source">The legacy subscription.</param>
/// <param name="Target">The new one.</param>
/// <param name="Order">The order it belongs to.</param>
/// <param name="At">UTC, policy clock.</param>
/// <param name="Reference">The caller's own reference, opaque.</param>
public sealed record Migration(Guid Id, Guid Source, Subscription Target, Guid Order, DateTimeOffset At, string? Reference);
