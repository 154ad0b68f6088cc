namespace Concordat.Core.Commerce;

/// <summary>What the system does at term end. Never gated: the customer's services must not stop over a missing attestation.</summary>
public static class Renewal
{
    // Dates end with the year 9999; a clock set that far renews nothing any more.
    private const int LastYear = 9990;

    /// <summary>
    /// The subscription as it stands at <paramref name="now"/>: renewed with what was scheduled, term after term until the
    /// end lies ahead, or expired when auto-renewal is off. The same one when its term still runs.
    /// </summary>
    public static Subscription Advance(Subscription subscription, DateTimeOffset now)
    {
        while (IsDue(subscription, now))
        {
            subscription = subscription is { AutoRenewEnabled: true, IsTrial: false }
                ? Renewed(subscription, subscription.TermEnd!.Value)
                : subscription with { Status = "expired", Scheduled = null, Increases = [] };
        }

        return subscription;
    }

    private static bool IsDue(Subscription subscription, DateTimeOffset now) =>
        subscription is { Status: "active" or "suspended", TermEnd: { } end } && end <= now && end.Year < LastYear;

    private static Subscription Renewed(Subscription old, DateTimeOffset start)
    {
        var next = old.Scheduled;
        var offer = next is null ? old.Offer : OfferOf(old.Offer, next);
        var quantity = next?.Quantity ?? old.Quantity;
        var term = next?.TermDuration ?? old.TermDuration;
        // A term that was moved to an end of its own begins a new row of terms there.
        var day = start == Terms.End(old.TermDuration, old.TermStart, old.AnchorDay) ? old.AnchorDay ?? old.TermStart.Day : start.Day;
        int? anchor = day > start.Day ? day : null;
        return old with
        {
            Offer = offer,
            OfferName = offer == old.Offer ? old.OfferName : Offers.NameOf(offer),
            Quantity = quantity,
            BillingCycle = next?.BillingCycle ?? old.BillingCycle,
            TermDuration = term,
            TermStart = start,
            TermEnd = next?.CustomTermEnd is { } custom && custom > start ? custom : Terms.End(term, start, anchor),
            AnchorDay = anchor,
            Scheduled = null,
            Increases = [new SeatIncrease(quantity, start + Terms.RefundWindow)],
        };
    }

    /// <summary>A product that was scheduled in part keeps the other parts; one that makes no offer is not taken.</summary>
    private static string OfferOf(string offer, ScheduledTerm next)
    {
        var parts = offer.Split(':');
        return parts.Length == 3
            ? Offers.Normalise($"{next.ProductId ?? parts[0]}:{next.SkuId ?? parts[1]}:{next.AvailabilityId ?? parts[2]}") ?? offer
            : offer;
    }
}
