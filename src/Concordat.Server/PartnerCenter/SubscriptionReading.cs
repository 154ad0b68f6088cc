using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;

namespace Concordat.Server.PartnerCenter;

/// <summary>
/// Makes sense of a sent subscription. Null and absent are the same, "not given": the term then stays as it is, but
/// auto-renewal is turned off and scheduled instructions are deleted, as documented for members that are left out (a .NET
/// client has no other way to delete them than null).
/// </summary>
internal static class SubscriptionReading
{
    public static Outcome<SubscriptionShape> ShapeOf(SentSubscription sent)
    {
        if (!WireWords.Status(sent.Status, "status").TryGetValue(out var status, out var problem)
            || !WireWords.BillingCycle(sent.BillingCycle, "billingCycle").TryGetValue(out var cycle, out problem)
            || !WireWords.TermDuration(sent.TermDuration, "termDuration").TryGetValue(out var term, out problem)
            || !WireWords.Date(sent.CommitmentEndDate, "commitmentEndDate").TryGetValue(out var end, out problem)
            || !WireWords.Date(sent.CustomTermEndDate, "customTermEndDate").TryGetValue(out var custom, out problem)
            || !WireWords.Text(sent.FriendlyName, "friendlyName").TryGetValue(out var name, out problem)
            || !WireWords.Text(sent.PartnerId, "partnerId").TryGetValue(out var reseller, out problem)
            || !NextTermOf(sent.ScheduledNextTermInstructions).TryGetValue(out var next, out problem))
        {
            return problem;
        }

        if (sent.Quantity is < 1 or > Seats.Most)
        {
            return new Problem(ProblemCode.InvalidInput,
                $"quantity is a whole number from 1 to {Seats.Most}. To end the subscription, send the status deleted.", "quantity");
        }

        return new SubscriptionShape
        {
            Quantity = sent.Quantity,
            TermDuration = term.Value,
            BillingCycle = cycle.Value,
            Status = status.Value,
            AutoRenewEnabled = sent.AutoRenewEnabled,
            FriendlyName = name.Value,
            PartnerId = reseller.Value,
            CommitmentEndDate = end.Value,
            CustomTermEndDate = custom.Value,
            ScheduledNextTermInstructions = next.Value,
        };
    }

    private static Outcome<Given<NextTermShape>> NextTermOf(WireNextTerm? sent)
    {
        const string At = "scheduledNextTermInstructions";
        if (sent is null)
        {
            return new Given<NextTermShape>(null);
        }

        var product = sent.Product;
        if (!WireWords.BillingCycle(product?.BillingCycle, $"{At}.product.billingCycle").TryGetValue(out var cycle, out var problem)
            || !WireWords.TermDuration(product?.TermDuration, $"{At}.product.termDuration").TryGetValue(out var term, out problem)
            || !WireWords.Text(product?.PromotionId, $"{At}.product.promotionId").TryGetValue(out var promotion, out problem)
            || !WireWords.Date(sent.CustomTermEndDate, $"{At}.customTermEndDate").TryGetValue(out var end, out problem))
        {
            return problem;
        }

        if (sent.Quantity is < 1 or > Seats.Most)
        {
            return new Problem(ProblemCode.InvalidInput, $"quantity is a whole number from 1 to {Seats.Most}.", $"{At}.quantity");
        }

        if (product is not null && Offers.Normalise($"{product.ProductId ?? "X"}:{product.SkuId ?? "X"}:{product.AvailabilityId ?? "X"}") is null)
        {
            return new Problem(ProblemCode.InvalidInput, "productId, skuId and availabilityId are letters and digits.", $"{At}.product");
        }

        var shape = new NextTermShape
        {
            ProductId = product?.ProductId,
            SkuId = product?.SkuId,
            AvailabilityId = product?.AvailabilityId,
            Quantity = sent.Quantity,
            BillingCycle = cycle.Value,
            TermDuration = term.Value,
            PromotionId = promotion.Value,
            CustomTermEndDate = end.Value,
        };
        return new Given<NextTermShape>(shape == new NextTermShape() ? null : shape);
    }
}
