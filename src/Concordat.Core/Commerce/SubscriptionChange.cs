using Concordat.Core.Policy;

namespace Concordat.Core.Commerce;

/// <summary>Applies what a PATCH asks for; the gate has been asked before.</summary>
public static class SubscriptionChange
{
    private static readonly ActionSet OnlyRenamed = ActionSet.Of(ActionClass.Administrative);

    // The longest term sold, and as much again for an end that aligns with another subscription.
    private const int MostYears = 6;

    /// <summary>
    /// The members of a stored subscription that a change is measured against. An end date that aligns with another
    /// subscription is not kept apart from the end of commitment: sending the same date changes nothing.
    /// </summary>
    public static SubscriptionShape ShapeOf(Subscription stored) => new()
    {
        Quantity = stored.Quantity,
        TermDuration = stored.TermDuration,
        BillingCycle = stored.BillingCycle,
        Status = WireStatus(stored.Status),
        AutoRenewEnabled = stored.AutoRenewEnabled,
        FriendlyName = stored.FriendlyName,
        PartnerId = stored.PartnerIdOnRecord,
        CommitmentEndDate = stored.TermEnd,
        CustomTermEndDate = stored.TermEnd,
        ScheduledNextTermInstructions = stored.Scheduled is { } next ? ShapeOf(next) : null,
    };

    /// <summary>
    /// The status as clients see it. <c>expired</c> makes the Java SDK and PartnerCenter.DotNet fail, so an expired
    /// subscription shows as <c>deleted</c> (clients reference, enumeration words).
    /// </summary>
    public static string WireStatus(string status) => status == "expired" ? "deleted" : status;

    /// <summary>
    /// The subscription after the change, or the refusal of the whole: a status that nobody can set, seats outside the
    /// refund window, an end of term in the past. An echo answers the very same subscription.
    /// </summary>
    public static Outcome<Subscription> Apply(Subscription stored, SubscriptionShape sent, ActionSet actions, DateTimeOffset now)
    {
        if (actions.IsEmpty)
        {
            return stored;
        }

        if (stored.Status is not ("active" or "suspended") && actions != OnlyRenamed)
        {
            return new Problem(ProblemCode.StateConflict, "The subscription has ended. Buy a new one.", "status");
        }

        if (!StatusOf(stored, sent, actions).TryGetValue(out var changed, out var problem)
            || !Seats.Set(changed, sent.Quantity ?? changed.Quantity, now).TryGetValue(out changed, out problem)
            || !TermOf(changed, sent, actions, now).TryGetValue(out changed, out problem))
        {
            return problem;
        }

        return changed with
        {
            BillingCycle = actions.Contains(ActionClass.BillingPlanChange) ? sent.BillingCycle! : changed.BillingCycle,
            AutoRenewEnabled = sent.AutoRenewEnabled ?? false,
            FriendlyName = sent.FriendlyName is { Length: > 0 } name ? name : changed.FriendlyName,
            PartnerIdOnRecord = sent.PartnerId ?? changed.PartnerIdOnRecord,
            Scheduled = sent.ScheduledNextTermInstructions is { } next ? TermOf(next) : null,
        };
    }

    private static Outcome<Subscription> StatusOf(Subscription stored, SubscriptionShape sent, ActionSet actions)
    {
        var status = actions.Contains(ActionClass.Suspend) ? "suspended"
            : actions.Contains(ActionClass.Cancel) ? "deleted"
            : actions.Contains(ActionClass.Reactivation) ? "active"
            : null;
        if (status is null && sent.Status is { } asked && asked != WireStatus(stored.Status))
        {
            return new Problem(ProblemCode.InvalidInput, "status can be set to active, suspended or deleted.", "status");
        }

        return status is null ? stored : stored with { Status = status };
    }

    /// <summary>Another duration starts a term of its own now; another end date moves the end of the running one.</summary>
    private static Outcome<Subscription> TermOf(Subscription stored, SubscriptionShape sent, ActionSet actions, DateTimeOffset now)
    {
        if (!actions.Contains(ActionClass.TermChange) && !actions.Contains(ActionClass.ManualRenewal))
        {
            return stored;
        }

        if (sent.TermDuration is { } duration && duration != stored.TermDuration)
        {
            return stored with { TermDuration = duration, TermStart = now, TermEnd = Terms.End(duration, now), AnchorDay = null };
        }

        var current = ShapeOf(stored);
        var end = sent.CustomTermEndDate is { } custom && custom != current.CustomTermEndDate ? custom : sent.CommitmentEndDate!.Value;
        return end > now && end < now.AddYears(MostYears)
            ? stored with { TermEnd = end }
            : new Problem(ProblemCode.InvalidInput, $"The end of the term lies ahead, by {MostYears} years at most.", "commitmentEndDate");
    }

    private static ScheduledTerm TermOf(NextTermShape next) => new(
        next.ProductId, next.SkuId, next.AvailabilityId, next.BillingCycle, next.TermDuration, next.PromotionId, next.Quantity,
        next.CustomTermEndDate);

    private static NextTermShape ShapeOf(ScheduledTerm next) => new()
    {
        ProductId = next.ProductId,
        SkuId = next.SkuId,
        AvailabilityId = next.AvailabilityId,
        BillingCycle = next.BillingCycle,
        TermDuration = next.TermDuration,
        PromotionId = next.PromotionId,
        Quantity = next.Quantity,
        CustomTermEndDate = next.CustomTermEnd,
    };
}
