namespace Concordat.Core.Commerce;

/// <summary>Seats of a subscription and the refund window in which they can be given back.</summary>
public static class Seats
{
    /// <summary>Most seats of one line; a bound of this service.</summary>
    public const int Most = 10_000_000;

    /// <summary>Increases whose window is still open at <paramref name="now"/>, oldest first.</summary>
    public static IReadOnlyList<SeatIncrease> Refundable(Subscription subscription, DateTimeOffset now) =>
        [.. subscription.Increases.Where(increase => increase.RefundableUntil > now)];

    /// <summary>
    /// The subscription with <paramref name="quantity"/> seats. More seats open a window of their own; fewer are taken from
    /// the open windows, newest first, or refused with <see cref="ProblemCode.RefundWindowClosed"/>.
    /// </summary>
    public static Outcome<Subscription> Set(Subscription subscription, int quantity, DateTimeOffset now)
    {
        if (quantity is < 1 or > Most)
        {
            return new Problem(ProblemCode.InvalidInput,
                $"quantity is a whole number from 1 to {Most}. To end the subscription, send the status deleted.", "quantity");
        }

        var open = Refundable(subscription, now).ToList();
        var change = quantity - subscription.Quantity;
        if (change > 0)
        {
            open.Add(new SeatIncrease(change, now + Terms.RefundWindow));
        }
        else if (change < 0 && !TryTake(open, -change))
        {
            return new Problem(ProblemCode.RefundWindowClosed,
                "Seats can be given back within seven days of their purchase only. Schedule the reduction for the next term.", "quantity");
        }

        return change == 0 ? subscription : subscription with { Quantity = quantity, Increases = open };
    }

    /// <summary>The subscription without seats that went elsewhere: not given back, so no window is asked.</summary>
    public static Subscription Without(Subscription subscription, int seats, DateTimeOffset now)
    {
        var open = Refundable(subscription, now).ToList();
        TryTake(open, seats);
        return subscription with { Quantity = subscription.Quantity - seats, Increases = open };
    }

    private static bool TryTake(List<SeatIncrease> open, int seats)
    {
        for (var i = open.Count - 1; i >= 0 && seats > 0; i--)
        {
            var taken = Math.Min(seats, open[i].Quantity);
            seats -= taken;
            open[i] = open[i] with { Quantity = open[i].Quantity - taken };
        }

        open.RemoveAll(increase => increase.Quantity == 0);
        return seats == 0;
    }
}
