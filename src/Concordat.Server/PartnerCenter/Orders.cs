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

/// <summary>Orders: create, change, get, list.</summary>
internal static class Orders
{

    public static void Map(WireRoutes routes)
    {
        routes.Patch("customers/{customer}/orders/{order}", Access.Transact, ChangeAsync,
            new("Adds lines to an order or changes them; the gate decides.", Request: typeof(WireOrder), Response: typeof(WireOrder)));
        routes.Get("customers/{customer}/orders/{order}/provisioningstatus", Access.Read, ProvisioningAsync,
            new("Shows the provisioning of an order's lines.", Response: typeof(WireCollection<WireLineProvisioning>)));
        routes.Post("customers/{customer}/orders", Access.Transact, CreateAsync,
            new("Places an order; the gate decides.", 201, Request: typeof(WireOrder), Response: typeof(WireOrder)));
        routes.Get("customers/{customer}/orders", Access.Read, ListAsync, new("Lists a customer's orders.", Response: typeof(WireCollection<WireOrder>)));
        routes.Get("customers/{customer}/orders/{order}", Access.Read, GetAsync, new("Shows an order.", Response: typeof(WireOrder)));
    }

    private static async Task CreateAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !call.Read(WireTypes.Default.WireOrder).TryGetValue(out var body, out problem)
            || !OrderReading.LinesOf(body).TryGetValue(out var lines, out problem)
            || !WireWords.BillingCycle(body.BillingCycle, "billingCycle").TryGetValue(out var cycle, out problem)
            || !WireWords.Currency(body.CurrencyCode, "currencyCode").TryGetValue(out var currency, out problem)
            || !OrderReading.CheckResellers(call, lines.Select(line => line.PartnerIdOnRecord), "partnerIdOnRecord").TryGetValue(out _, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var operation = new PlaceOrder(
            call.Parts.Context, call.Actor, customer, call.Key, cycle.Value ?? "monthly", currency.Value ?? OrderReading.DefaultCurrency, lines);
        var outcome = await call.Parts.Transactions.RunAsync(operation);
        await (outcome.TryGetValue(out var order, out problem)
            ? call.RespondAsync(201, ToWire(order), WireTypes.Default.WireOrder)
            : call.RefuseAsync(problem));
    }

    private static async Task ChangeAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !call.Id("order").TryGetValue(out var id, out problem)
            || !call.Read(WireTypes.Default.WireOrder).TryGetValue(out var body, out problem)
            || !OrderReading.LinesOf(body).TryGetValue(out var lines, out problem)
            || !WireWords.BillingCycle(body.BillingCycle, "billingCycle").TryGetValue(out var cycle, out problem)
            || !WireWords.Currency(body.CurrencyCode, "currencyCode").TryGetValue(out _, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var outcome = await call.Parts.Transactions.RunAsync(
            new ChangeOrder(call.Parts.Context, call.Parts.Directory, call.Actor, customer, call.Key, id, cycle.Value, lines));
        await (outcome.TryGetValue(out var order, out problem)
            ? call.RespondAsync(200, ToWire(order), WireTypes.Default.WireOrder)
            : call.RefuseAsync(problem));
    }

    private static async Task ListAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (row, orders) = await call.ReadAsync(async tx => (
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
        var found = await FindAsync(call);
        await (found.TryGetValue(out var order, out var problem)
            ? call.RespondAsync(200, ToWire(order), WireTypes.Default.WireOrder)
            : call.RefuseAsync(problem));
    }

    /// <summary>Everything is provisioned at once, so every line is fulfilled.</summary>
    private static async Task ProvisioningAsync(Call call)
    {
        var found = await FindAsync(call);
        await (found.TryGetValue(out var order, out var problem)
            ? call.RespondAsync(200, new WireCollection<WireLineProvisioning>(order.Lines.Count, [.. order.Lines.Select(line =>
                new WireLineProvisioning(line.LineItemNumber, "Fulfilled", [new WireProvisionedSeats(line.Quantity, "Ready")]))]),
                OrderTypes.Default.WireCollectionWireLineProvisioning)
            : call.RefuseAsync(problem));
    }

    private static async Task<Outcome<Order>> FindAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem) || !call.Id("order").TryGetValue(out var id, out problem))
        {
            return problem;
        }

        var (row, order) = await call.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, call.Partner.Id, customer), await OrderRows.FindAsync(tx, call.Partner.Id, customer, id)));
        return Relationship.Check(row) is { } absent ? absent
            : order is null ? new Problem(ProblemCode.NotFound, "There is no such order.", "order")
            : order;
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
