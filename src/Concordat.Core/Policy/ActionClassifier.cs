namespace Concordat.Core.Policy;

/// <summary>
/// What a PATCH does, from the difference between what is stored and what is sent. Suspension, renaming, seats, billing
/// plan, term
/// and scheduled changes are all the same call in Partner Center, so the address tells nothing. An echo does nothing.
/// </summary>
public static class ActionClassifier
{
    /// <summary>The differences of a subscription.</summary>
    public static ActionSet OfSubscription(SubscriptionShape stored, SubscriptionShape sent) =>
        OfStatus(stored.Status, sent.Status)
            .With(ActionClass.QuantityIncrease, sent.Quantity > stored.Quantity || (stored.Quantity is null && sent.Quantity > 0))
            .With(ActionClass.QuantityDecrease, sent.Quantity < stored.Quantity)
            .With(ActionClass.TermChange, ChangesTerm(stored, sent))
            .With(ActionClass.ManualRenewal, ProlongsTerm(stored, sent) && !ChangesWord(stored.TermDuration, sent.TermDuration))
            .With(ActionClass.BillingPlanChange, ChangesWord(stored.BillingCycle, sent.BillingCycle))
            .With(ActionClass.ScheduledChange, Schedules(stored.ScheduledNextTermInstructions, sent.ScheduledNextTermInstructions))
            .With(ActionClass.Administrative, IsAdministrative(stored, sent));

    /// <summary>The differences of an order: new lines, seats of known lines, billing cycle.</summary>
    public static ActionSet OfOrder(OrderShape stored, OrderShape sent)
    {
        var actions = ActionSet.Empty.With(ActionClass.BillingPlanChange, ChangesWord(stored.BillingCycle, sent.BillingCycle));
        foreach (var line in sent.Lines)
        {
            var known = stored.Lines.FirstOrDefault(s => IsSameLine(s, line));
            actions = known is null
                ? actions.With(string.IsNullOrEmpty(line.ParentSubscriptionId) ? ActionClass.NewPurchase : ActionClass.AddOn)
                : actions.With(ActionClass.QuantityIncrease, line.Quantity > known.Quantity)
                    .With(ActionClass.QuantityDecrease, line.Quantity < known.Quantity);
        }
        return actions;
    }

    private static ActionSet OfStatus(string? stored, string? sent)
    {
        if (!ChangesWord(stored, sent)) return ActionSet.Empty;
        return Word(sent) switch
        {
            "suspended" => ActionSet.Of(ActionClass.Suspend),
            "deleted" or "cancelled" or "canceled" => ActionSet.Of(ActionClass.Cancel),
            "active" => ActionSet.Of(ActionClass.Reactivation),
            _ => ActionSet.Of(ActionClass.Administrative),
        };
    }

    /// <summary>Another duration, another custom end, or an end of commitment drawn nearer.</summary>
    private static bool ChangesTerm(SubscriptionShape stored, SubscriptionShape sent) =>
        ChangesWord(stored.TermDuration, sent.TermDuration)
        || ChangesDate(stored.CustomTermEndDate, sent.CustomTermEndDate)
        || (ChangesDate(stored.CommitmentEndDate, sent.CommitmentEndDate) && !ProlongsTerm(stored, sent));

    /// <summary>A later end of commitment: with the same duration it is a renewal that a person asks for.</summary>
    private static bool ProlongsTerm(SubscriptionShape stored, SubscriptionShape sent) =>
        ChangesDate(stored.CommitmentEndDate, sent.CommitmentEndDate) && sent.CommitmentEndDate > stored.CommitmentEndDate;

    private static bool Schedules(NextTermShape? stored, NextTermShape? sent) =>
        sent is not null && Normal(sent) != (stored is null ? null : Normal(stored));

    private static bool IsAdministrative(SubscriptionShape stored, SubscriptionShape sent) =>
        (stored.AutoRenewEnabled ?? false) != (sent.AutoRenewEnabled ?? false)
        || (stored.ScheduledNextTermInstructions is not null && sent.ScheduledNextTermInstructions is null)
        || (sent.FriendlyName is not null && !string.Equals(sent.FriendlyName, stored.FriendlyName, StringComparison.Ordinal))
        || (sent.PartnerId is not null && !string.Equals(sent.PartnerId, stored.PartnerId, StringComparison.Ordinal));

    private static NextTermShape Normal(NextTermShape next) => next with
    {
        ProductId = Word(next.ProductId),
        SkuId = Word(next.SkuId),
        AvailabilityId = Word(next.AvailabilityId),
        BillingCycle = Word(next.BillingCycle),
        TermDuration = Word(next.TermDuration),
        PromotionId = Word(next.PromotionId),
        CustomTermEndDate = WholeSeconds(next.CustomTermEndDate),
    };

    private static bool IsSameLine(OrderLineShape one, OrderLineShape other) =>
        one.LineItemNumber == other.LineItemNumber && Word(one.OfferId) == Word(other.OfferId)
        && Word(one.ParentSubscriptionId) == Word(other.ParentSubscriptionId);

    private static bool ChangesWord(string? stored, string? sent) => Word(sent) is { } word && word != Word(stored);

    private static bool ChangesDate(DateTimeOffset? stored, DateTimeOffset? sent) =>
        sent is not null && WholeSeconds(sent) != WholeSeconds(stored);

    /// <summary>
    /// Clients echo enumeration words in their own spelling (<c>one_time</c>, <c>OneTime</c>) and send empty for
    /// missing.
    /// </summary>
    private static string? Word(string? word) =>
        string.IsNullOrEmpty(word) ? null : word.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Clients lose fractions of a second when they echo a date.</summary>
    private static DateTimeOffset? WholeSeconds(DateTimeOffset? date) =>
        date is { } d ? new DateTimeOffset(d.UtcTicks - d.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero) : null;
}
