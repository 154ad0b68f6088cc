using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>Carts: create, get, update, check out. Only the checkout passes the gate.</summary>
internal static class Carts
{
    private const string One = "customers/{customer}/carts/{cart}";

    public static void Map(WireRoutes routes)
    {
        routes.Post("customers/{customer}/carts", Access.Transact, call => SaveAsync(call, existing: null, 201),
            new("Makes a cart; nothing is gated before the checkout.", 201, Request: typeof(SentCart), Response: typeof(WireCart)));
        routes.Get(One, Access.Read, GetAsync, new("Shows a cart.", Response: typeof(WireCart)));
        routes.Put(One, Access.Transact, UpdateAsync, new("Replaces a cart's lines.", Request: typeof(SentCart), Response: typeof(WireCart)));
        routes.Post($"{One}/checkout", Access.Transact, CheckOutAsync,
            new("Orders what is in a cart; the gate decides about the whole.", 201, Response: typeof(WireCheckout)));
    }

    private static Task UpdateAsync(Call call) => call.Id("cart").TryGetValue(out var id, out var problem)
        ? SaveAsync(call, id, 200)
        : call.RefuseAsync(problem);

    private static async Task SaveAsync(Call call, Guid? existing, int status)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !call.Read(CartTypes.Default.SentCart).TryGetValue(out var body, out problem)
            || !CartReading.LinesOf(body).TryGetValue(out var lines, out problem)
            || !OrderReading.CheckResellers(call, lines.Select(line => line.PartnerIdOnRecord), "participants").TryGetValue(out _, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var context = call.Parts.Context;
        var outcome = await context.Loop.RunAsync(new SaveCart(context, call.Actor, customer, call.Key, existing, lines));
        await (outcome.TryGetValue(out var cart, out problem)
            ? call.RespondAsync(status, WireCart.Of(cart), CartTypes.Default.WireCart)
            : call.RefuseAsync(problem));
    }

    private static async Task GetAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem) || !call.Id("cart").TryGetValue(out var id, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (standing, row) = await call.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, call.Partner.Id, customer), await CartRows.FindAsync(tx, call.Partner.Id, customer, id)));
        problem = Relationship.Check(standing) ?? (row is null ? new Problem(ProblemCode.NotFound, "There is no such cart.", "cart") : null);
        await (problem is null ? call.RespondAsync(200, WireCart.Of(row!.Cart), CartTypes.Default.WireCart) : call.RefuseAsync(problem));
    }

    /// <summary>The body is not looked at: SDKs send the text <c>"success"</c>, others nothing.</summary>
    private static async Task CheckOutAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem) || !call.Id("cart").TryGetValue(out var id, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var outcome = await call.Parts.Transactions.RunAsync(new CheckOutCart(call.Parts.Context, call.Actor, customer, call.Key, id));
        if (outcome.TryGetValue(out var done, out problem))
        {
            await RespondAsync(call, new WireCheckout([.. done.Orders.Select(Orders.ToWire)], []));
        }
        else if (problem.Decision is not null && call.Partner.Switches.CheckoutRefusal == CheckoutAnswer.OrderErrors)
        {
            await RespondAsync(call, new WireCheckout([], await ErrorsAsync(call, customer, id, problem)));
        }
        else
        {
            await call.RefuseAsync(problem);
        }
    }

    /// <summary>One error per order that the cart would have made.</summary>
    private static async Task<WireOrderError[]> ErrorsAsync(Call call, CustomerId customer, Guid id, Problem problem)
    {
        var code = WireError.Of(problem, call.Partner.Switches).Code;
        var row = await call.ReadAsync(tx => CartRows.FindAsync(tx, call.Partner.Id, customer, id));
        return [.. (row?.Cart.OrderGroups() ?? []).Select(group => new WireOrderError(group.Key, code, problem.Message))];
    }

    private static Task RespondAsync(Call call, WireCheckout answer) => call.RespondAsync(201, answer, CartTypes.Default.WireCheckout);
}
