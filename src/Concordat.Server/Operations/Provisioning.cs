using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>An order and the subscriptions that its lines turned into, not yet written.</summary>
internal sealed record Provisioned(Order Order, IReadOnlyList<Subscription> Subscriptions)
{
    /// <summary>Adds everything; <paramref name="entry"/> is the ledger entry that permitted it.</summary>
    public async ValueTask AddAsync(Tx tx, PartnerId partner, EntryId? entry)
    {
        await OrderRows.AddAsync(tx, partner, Order, entry);
        foreach (var subscription in Subscriptions)
        {
            await SubscriptionRows.AddAsync(tx, partner, Order.Customer, subscription);
        }
    }
}

/// <summary>What order lines turn into; provisioning is immediate here.</summary>
internal static class Provisioning
{
    /// <summary>A new order with one subscription per line.</summary>
    public static Provisioned Provision(
        IdSource ids, CustomerId customer, IReadOnlyList<OrderedLine> lines, string billingCycle, string currency, DateTimeOffset now)
    {
        var order = ids.NewId();
        var made = lines.Select(line => Subscribe(ids.NewId(), order, line, billingCycle, now)).ToArray();
        for (var i = 0; i < made.Length; i++)
        {
            if (lines[i].ParentLine is { } parent)
            {
                made[i] = made[i] with { ParentId = made[lines.ToList().FindIndex(line => line.LineItemNumber == parent)].Id };
            }
        }

        return new Provisioned(new Order(order, customer, billingCycle, currency, [.. lines.Zip(made, LineOf)], now), made);
    }

    /// <summary>A trial runs for a month and ends unless it is converted.</summary>
    public static Subscription Subscribe(Guid id, Guid order, OrderedLine line, string billingCycle, DateTimeOffset now)
    {
        var name = Offers.NameOf(line.Offer);
        var trial = Offers.IsTrial(line.Offer);
        var term = trial ? "P1M" : line.TermDuration;
        return new Subscription(
            id, order, line.Offer, name, line.FriendlyName is { Length: > 0 } own ? own : name, line.Quantity, "active",
            AutoRenewEnabled: !trial, trial, billingCycle, term, now, now, Terms.End(term, now), line.PartnerIdOnRecord,
            line.ParentSubscriptionId, null, [new SeatIncrease(line.Quantity, now + Terms.RefundWindow)]);
    }

    public static OrderLine LineOf(OrderedLine line, Subscription made) => new(
        line.LineItemNumber, line.Offer, line.Quantity, made.FriendlyName, made.TermDuration, made.Id, made.ParentId, line.PartnerIdOnRecord);

    /// <summary>The one product that all lines are of, or null: rules that name products look at it.</summary>
    public static string? ProductOf(IEnumerable<OrderedLine> lines) =>
        lines.Select(line => Offers.ProductOf(line.Offer)).Distinct().Take(2).ToArray() is [var only] ? only : null;

    /// <summary>A refusal when a line is an add-on of a subscription that the customer does not have.</summary>
    public static async ValueTask<Problem?> CheckParentsAsync(Tx tx, PartnerId partner, CustomerId customer, IReadOnlyList<OrderedLine> lines)
    {
        foreach (var line in lines)
        {
            if (line.ParentSubscriptionId is { } parent && await SubscriptionRows.FindAsync(tx, partner, customer, parent) is null)
            {
                return new Problem(ProblemCode.InvalidInput, "The customer has no subscription with that id.", "parentSubscriptionId");
            }
        }

        return null;
    }
}
