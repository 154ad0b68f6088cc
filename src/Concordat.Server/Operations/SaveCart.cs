using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Creates a cart, or replaces the lines of <paramref name="existing"/>. Commits nobody to anything, so the gate is not
/// asked. Refused when the cart is unknown, ordered or expired.
/// </summary>
internal sealed class SaveCart(
    OperationContext context, Actor actor, CustomerId customer, RequestKey? key, Guid? existing, IReadOnlyList<CartLine> lines)
    : RememberedOperation<Cart>(key, context.Clocks)
{
    public override IReadOnlyList<long> Keys => field ??= WithRequestKey(LockKeys.Of(actor.Partner.Id, customer));

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    protected override async ValueTask<Outcome<Cart>> CarryOutAsync(Tx tx)
    {
        if (Relationship.Check(await StandingRows.FindAsync(tx, actor.Partner.Id, customer)) is { } absent)
        {
            return absent;
        }

        var now = context.PolicyNow(actor.Partner.Environment);
        return existing is { } id ? await UpdateAsync(tx, id, now) : await CreateAsync(tx, now);
    }

    private async ValueTask<Outcome<Cart>> CreateAsync(Tx tx, DateTimeOffset now)
    {
        var cart = new Cart(context.Ids.NewId(), customer, "active", lines, now, now, now + Cart.Life);
        await CartRows.AddAsync(tx, actor.Partner.Id, cart);
        return cart;
    }

    private async ValueTask<Outcome<Cart>> UpdateAsync(Tx tx, Guid id, DateTimeOffset now)
    {
        if (await CartRows.FindAsync(tx, actor.Partner.Id, customer, id) is not { } row)
        {
            return new Problem(ProblemCode.NotFound, "There is no such cart.", "cart");
        }

        if (row.Cart.ClosedAt(now) is { } closed)
        {
            return closed;
        }

        var cart = row.Cart with { Lines = lines, ModifiedAt = now };
        await CartRows.SaveAsync(tx, actor.Partner.Id, cart);
        return cart;
    }

    protected override string Remember(Cart value) => CartRows.ToText(value);

    protected override ValueTask<Cart> ReplayAsync(Tx tx, string kept) => ValueTask.FromResult(CartRows.FromText(kept));
}
