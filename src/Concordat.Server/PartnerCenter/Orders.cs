using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

internal sealed record WireOrder
{
    public string? Id { get; init; }

    public string? AlternateId { get; init; }

    public string? ReferenceCustomerId { get; init; }

    public string? BillingCycle { get; init; }

    public string? CurrencyCode { get; init; }

    public string? CurrencySymbol { get; init; }

    public IReadOnlyList<WireOrderLine>? LineItems { get; init; }

    public string? CreationDate { get; init; }

    public string? Status { get; init; }

    public string? TransactionType { get; init; }

    public decimal? TotalPrice { get; init; }

    public WireOrderLinks? Links { get; init; }

    public WireAttributes? Attributes { get; init; }
}

internal sealed record WireOrderLine
{
    public int LineItemNumber { get; init; }

    public string? OfferId { get; init; }

    public string? SubscriptionId { get; init; }

    public string? ParentSubscriptionId { get; init; }

    public string? FriendlyName { get; init; }

    public int? Quantity { get; init; }

    public string? TermDuration { get; init; }

    public string? PartnerIdOnRecord { get; init; }
}

internal sealed record WireOrderLinks(WireLink Self, WireLink ProvisioningStatus, WireLink PatchOperation);

/// <summary>Orders: create, get, list.</summary>
internal static class Orders
{
    private const int MostLines = 200;
    private const int MostSeats = 10_000_000;

    public static void Map(WireRoutes routes)
    {
        routes.Post("customers/{customer}/orders", Access.Transact, CreateAsync);
        routes.Get("customers/{customer}/orders", Access.Read, ListAsync);
        routes.Get("customers/{customer}/orders/{order}", Access.Read, GetAsync);
    }

    private static async Task CreateAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !call.Read(WireTypes.Default.WireOrder).TryGetValue(out var body, out problem)
            || !LinesOf(body).TryGetValue(out var lines, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var cycle = Terms.BillingCycle(body.BillingCycle ?? "monthly");
        if (cycle is null)
        {
            await call.RefuseAsync(new Problem(ProblemCode.UnknownEnumWord, "billingCycle is monthly, annual, one_time, triennial or none.", "billingCycle"));
            return;
        }

        var operation = new PlaceOrder(
            call.Parts.Context, call.Actor, customer, call.Key, cycle, body.CurrencyCode ?? "USD", lines);
        var outcome = await call.Parts.Transactions.RunAsync(operation);
        await (outcome.TryGetValue(out var order, out problem)
            ? call.RespondAsync(201, ToWire(order), WireTypes.Default.WireOrder)
            : call.RefuseAsync(problem));
    }

    private static async Task ListAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (row, orders) = await call.Parts.Database.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, call.Partner.Id, customer), await OrderRows.OfCustomerAsync(tx, call.Partner.Id, customer)));
        await (Relationship.Check(row) is { } absent
            ? call.RefuseAsync(absent)
            : call.RespondAsync(200, new WireCollection<WireOrder>(orders.Count, orders.ConvertAll(ToWire))
            {
                Links = new WireLinks(new WireLink($"/customers/{customer}/orders")),
            }, WireTypes.Default.WireCollectionWireOrder));
    }

    private static async Task GetAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem) || !call.Id("order").TryGetValue(out var id, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (row, order) = await call.Parts.Database.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, call.Partner.Id, customer), await OrderRows.FindAsync(tx, call.Partner.Id, customer, id)));
        problem = Relationship.Check(row) ?? (order is null ? new Problem(ProblemCode.NotFound, "There is no such order.", "order") : null);
        await (problem is null ? call.RespondAsync(200, ToWire(order!), WireTypes.Default.WireOrder) : call.RefuseAsync(problem));
    }

    /// <summary>The lines in the stored spelling, or every fault's first field.</summary>
    internal static Outcome<IReadOnlyList<OrderedLine>> LinesOf(WireOrder body)
    {
        if (body.LineItems is not { Count: > 0 and <= MostLines } items)
        {
            return new Problem(ProblemCode.InvalidInput, $"An order has 1 to {MostLines} line items.", "lineItems");
        }

        var lines = new List<OrderedLine>(items.Count);
        foreach (var (item, index) in items.Select((item, index) => (item, index)))
        {
            var at = $"lineItems[{index}]";
            if (Offers.Normalise(item?.OfferId) is not { } offer)
            {
                return new Problem(ProblemCode.InvalidInput, "offerId is product:sku:availability or the id of a legacy offer.", $"{at}.offerId");
            }

            if (item!.Quantity is not (>= 1 and <= MostSeats))
            {
                return new Problem(ProblemCode.InvalidInput, $"quantity is a whole number from 1 to {MostSeats}.", $"{at}.quantity");
            }

            var term = item.TermDuration is { Length: > 0 } word ? Terms.TermDuration(word) : null;
            if (term is null && item.TermDuration is { Length: > 0 })
            {
                return new Problem(ProblemCode.UnknownEnumWord, "termDuration is P1M, P1Y or P3Y.", $"{at}.termDuration");
            }

            lines.Add(new OrderedLine(item.LineItemNumber, offer, item.Quantity.Value, item.FriendlyName, term, item.PartnerIdOnRecord));
        }

        return lines;
    }

    internal static WireOrder ToWire(Order order)
    {
        var path = $"/customers/{order.Customer}/orders/{order.Id:D}";
        return new WireOrder
        {
            Id = order.Id.ToString("D"),
            AlternateId = order.Id.ToString("N")[..12],
            ReferenceCustomerId = order.Customer.ToString(),
            BillingCycle = order.BillingCycle,
            CurrencyCode = order.CurrencyCode,
            CurrencySymbol = order.CurrencyCode == "USD" ? "$" : order.CurrencyCode,
            LineItems = [.. order.Lines.Select(line => new WireOrderLine
            {
                LineItemNumber = line.LineItemNumber,
                OfferId = line.Offer,
                SubscriptionId = line.SubscriptionId.ToString("D"),
                ParentSubscriptionId = line.ParentSubscriptionId?.ToString("D"),
                FriendlyName = line.FriendlyName,
                Quantity = line.Quantity,
                TermDuration = line.TermDuration,
                PartnerIdOnRecord = line.PartnerIdOnRecord,
            })],
            CreationDate = LedgerEntry.Instant(order.CreatedAt),
            Status = order.Status,
            TransactionType = "UserPurchase",
            TotalPrice = 0,
            Links = new WireOrderLinks(new WireLink(path), new WireLink($"{path}/provisioningstatus"), new WireLink(path, "PATCH")),
            Attributes = new WireAttributes("Order"),
        };
    }
}
