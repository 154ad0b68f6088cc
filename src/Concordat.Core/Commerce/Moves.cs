namespace Concordat.Core.Commerce;

/// <summary>Where seats go: another item, fewer of them, another term or billing cycle. Null members stay as they are.</summary>
public sealed record MoveRequest(string Offer, int? Quantity, string? TermDuration, string? BillingCycle);

/// <summary>A subscription whose seats went, wholly or in part, to another.</summary>
/// <param name="Source">What is left of the old one; <c>deleted</c> when all seats went.</param>
/// <param name="Target">Where they are now.</param>
public sealed record Moved(Subscription Source, Subscription Target);

/// <summary>Upgrades, transitions, conversions and migrations: seats move to another item, nobody buys them twice.</summary>
public static class Moves
{
    /// <summary>
    /// Seats to a new subscription <paramref name="id"/> of another item, part of order <paramref name="order"/>. The running
    /// term and its end go along, unless another duration starts a new one.
    /// </summary>
    public static Outcome<Moved> ToNew(Subscription source, MoveRequest request, Guid id, Guid order, DateTimeOffset now)
    {
        if (Check(source, request) is { } problem)
        {
            return problem;
        }

        var seats = request.Quantity ?? source.Quantity;
        var term = request.TermDuration ?? source.TermDuration;
        var keepsTerm = term == source.TermDuration;
        var name = Offers.NameOf(request.Offer);
        var target = source with
        {
            Id = id,
            OrderId = order,
            Offer = request.Offer,
            OfferName = name,
            FriendlyName = source.FriendlyName == source.OfferName ? name : source.FriendlyName,
            Quantity = seats,
            BillingCycle = request.BillingCycle ?? source.BillingCycle,
            TermDuration = term,
            CreatedAt = now,
            TermStart = keepsTerm ? source.TermStart : now,
            TermEnd = keepsTerm ? source.TermEnd : Terms.End(term, now),
            AnchorDay = keepsTerm ? source.AnchorDay : null,
            Scheduled = null,
            Increases = !keepsTerm ? [new SeatIncrease(seats, now + Terms.RefundWindow)]
                : seats == source.Quantity ? Seats.Refundable(source, now) : [],
        };
        return new Moved(Less(source, seats, now), target);
    }

    /// <summary>Seats to another subscription of the customer that is of the wanted item already.</summary>
    public static Outcome<Moved> ToExisting(Subscription source, Subscription target, MoveRequest request, DateTimeOffset now)
    {
        if (Check(source, request) is { } problem)
        {
            return problem;
        }

        if (target.Status != "active" || target.Offer != request.Offer || target.Id == source.Id)
        {
            return new Problem(ProblemCode.InvalidInput, "toSubscriptionId is an active subscription of the item that is moved to.", "toSubscriptionId");
        }

        var seats = request.Quantity ?? source.Quantity;
        return Seats.Set(target, target.Quantity + seats, now).TryGetValue(out var grown, out problem)
            ? new Moved(Less(source, seats, now), grown)
            : problem;
    }

    /// <summary>A trial in its paid form: the same subscription, with a term that starts now.</summary>
    public static Outcome<Subscription> Convert(Subscription trial, MoveRequest request, DateTimeOffset now)
    {
        if (!trial.IsTrial || trial.Status != "active")
        {
            return new Problem(ProblemCode.StateConflict, "The subscription is no active trial.");
        }

        if (request.Offer != Offers.PaidFormOf(trial.Offer))
        {
            return new Problem(ProblemCode.InvalidInput, "The target is the one that GET conversions lists.", "targetOfferId");
        }

        var quantity = request.Quantity ?? trial.Quantity;
        if (quantity is < 1 or > Seats.Most)
        {
            return new Problem(ProblemCode.InvalidInput, $"quantity is a whole number from 1 to {Seats.Most}.", "quantity");
        }

        var name = Offers.NameOf(request.Offer);
        return trial with
        {
            IsTrial = false,
            Offer = request.Offer,
            OfferName = name,
            FriendlyName = trial.FriendlyName == trial.OfferName ? name : trial.FriendlyName,
            Quantity = quantity,
            BillingCycle = request.BillingCycle ?? trial.BillingCycle,
            TermDuration = request.TermDuration ?? "P1Y",
            TermStart = now,
            TermEnd = Terms.End(request.TermDuration ?? "P1Y", now),
            AnchorDay = null,
            AutoRenewEnabled = true,
            Increases = [new SeatIncrease(quantity, now + Terms.RefundWindow)],
        };
    }

    private static Problem? Check(Subscription source, MoveRequest request) =>
        source.Status != "active" ? new Problem(ProblemCode.StateConflict, "Only an active subscription can be moved.", "status")
        : source.IsTrial ? new Problem(ProblemCode.StateConflict, "A trial is converted before it is moved.")
        : request.Offer == source.Offer ? new Problem(ProblemCode.InvalidInput, "The subscription is of that item already.", "toCatalogItemId")
        : request.Quantity < 1 || request.Quantity > source.Quantity
            ? new Problem(ProblemCode.InvalidInput, "quantity is at least 1 and at most the seats of the subscription.", "quantity")
        : null;

    private static Subscription Less(Subscription source, int seats, DateTimeOffset now) => seats == source.Quantity
        ? source with { Status = "deleted", AutoRenewEnabled = false, Scheduled = null, Increases = [] }
        : Seats.Without(source, seats, now);
}
