using System.Globalization;
using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>Subscriptions: list, get, change, add-ons, provisioning status.</summary>
internal static class Subscriptions
{
    private const string One = "customers/{customer}/subscriptions/{subscription}";

    public static void Map(WireRoutes routes)
    {
        routes.Get("customers/{customer}/subscriptions", Access.Read, ListAsync, new("Lists a customer's subscriptions.", Response: typeof(WireCollection<WireSubscription>)));
        routes.Get(One, Access.Read, GetAsync, new("Shows a subscription.", Response: typeof(WireSubscription)));
        routes.Patch(One, Access.Transact, ChangeAsync,
            new("Changes a subscription; the gate decides about what the difference does.", Request: typeof(SentSubscription), Response: typeof(WireSubscription)));
        routes.Get($"{One}/addons", Access.Read, AddOnsAsync, new("Lists the add-ons of a subscription.", Response: typeof(WireCollection<WireSubscription>)));
        routes.Get($"{One}/provisioningstatus", Access.Read, ProvisioningAsync,
            new("Shows the provisioning of a subscription.", Response: typeof(WireSubscriptionStatus)));
    }

    /// <summary>All of a customer, or those of one order (<c>order_id</c>).</summary>
    private static async Task ListAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var order = Guid.Empty;
        if (call.Query("order_id") is { } text && !Guids.TryParse(text, out order))
        {
            await call.RefuseAsync(new Problem(ProblemCode.InvalidInput, "order_id is the id of an order.", "order_id"));
            return;
        }

        var (row, all) = await call.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, call.Partner.Id, customer), await SubscriptionRows.OfCustomerAsync(tx, call.Partner.Id, customer)));
        await (Relationship.Check(row) is { } absent
            ? call.RefuseAsync(absent)
            : RespondAsync(call, $"/customers/{customer}/subscriptions",
                order == Guid.Empty ? all : all.FindAll(one => one.Subscription.OrderId == order)));
    }

    private static async Task GetAsync(Call call)
    {
        var found = await FindAsync(call);
        await (found.TryGetValue(out var row, out var problem) ? RespondAsync(call, row) : call.RefuseAsync(problem));
    }

    private static async Task ChangeAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !call.Id("subscription").TryGetValue(out var id, out problem)
            || !call.Read(SubscriptionTypes.Default.SentSubscription).TryGetValue(out var body, out problem)
            || !SubscriptionReading.ShapeOf(body).TryGetValue(out var sent, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var operation = new ChangeSubscription(call.Parts.Context, call.Parts.Directory, call.Actor, customer, call.Key, id, sent, IfMatch(call));
        var outcome = await call.Parts.Transactions.RunAsync(operation);
        await (outcome.TryGetValue(out var row, out problem) ? RespondAsync(call, row) : call.RefuseAsync(problem));
    }

    private static async Task AddOnsAsync(Call call)
    {
        var found = await FindAsync(call);
        if (!found.TryGetValue(out var row, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var all = await call.ReadAsync(tx => SubscriptionRows.OfCustomerAsync(tx, call.Partner.Id, row.Customer));
        var id = row.Subscription.Id;
        await RespondAsync(call, $"/customers/{row.Customer}/subscriptions/{id:D}/addons", all.FindAll(one => one.Subscription.ParentId == id));
    }

    private static async Task ProvisioningAsync(Call call)
    {
        var found = await FindAsync(call);
        if (!found.TryGetValue(out var row, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var subscription = row.Subscription;
        var parts = subscription.Offer.Split(':');
        await call.RespondAsync(200, new WireSubscriptionStatus(parts.Length == 3 ? parts[1] : parts[0], "success", subscription.Quantity,
            subscription.TermEnd is { } end ? LedgerEntry.Instant(end) : null), SubscriptionTypes.Default.WireSubscriptionStatus);
    }

    /// <summary>The two ids of a path about a subscription.</summary>
    public static Outcome<(CustomerId Customer, Guid Subscription)> Named(Call call) =>
        call.Customer().TryGetValue(out var customer, out var problem) && call.Id("subscription").TryGetValue(out var id, out problem)
            ? (customer, id)
            : problem;

    /// <summary>The subscription that the path names, or why the caller does not get it.</summary>
    public static async Task<Outcome<SubscriptionRow>> FindAsync(Call call) =>
        Named(call).TryGetValue(out var named, out var problem) ? await FindAsync(call, named.Customer, named.Subscription) : problem;

    /// <summary>A subscription of a customer, or why the caller does not get it.</summary>
    public static async Task<Outcome<SubscriptionRow>> FindAsync(Call call, CustomerId customer, Guid id)
    {
        var (standing, row) = await call.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, call.Partner.Id, customer),
            await SubscriptionRows.FindAsync(tx, call.Partner.Id, customer, id)));
        return (Relationship.Check(standing) ?? (row is null ? ChangeSubscription.Missing : null)) is { } absent ? absent : row!;
    }

    /// <summary>The version named by If-Match, quoted or not; null when any will do.</summary>
    private static string? IfMatch(Call call)
    {
        var text = call.Http.Request.Headers.IfMatch.ToString().Trim();
        text = text.StartsWith("W/", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return text is "" or "*" ? null : text.Trim('"');
    }

    private static Task RespondAsync(Call call, SubscriptionRow row)
    {
        call.Http.Response.Headers.ETag = $"\"{row.Etag.ToString(CultureInfo.InvariantCulture)}\"";
        return call.RespondAsync(200, WireSubscription.Of(row, Now(call)), SubscriptionTypes.Default.WireSubscription);
    }

    private static Task RespondAsync(Call call, string path, List<SubscriptionRow> rows) => call.RespondAsync(200,
        new WireCollection<WireSubscription>(rows.Count, rows.ConvertAll(row => WireSubscription.Of(row, Now(call))))
        {
            Links = new WireLinks(new WireLink(path)),
        }, SubscriptionTypes.Default.WireCollectionWireSubscription);

    private static DateTimeOffset Now(Call call) => call.Parts.Context.PolicyNow(call.Partner.Environment);
}
