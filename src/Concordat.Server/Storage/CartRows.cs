using System.Data.Common;
using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Commerce;

namespace Concordat.Server.Storage;

/// <summary>A cart, with what its checkout answered; null before.</summary>
internal sealed record CartRow(Cart Cart, CheckedOut? Result);

/// <summary>Carts.</summary>
internal static class CartRows
{
    private static readonly Insert Into = new("carts",
        "partner_id bytea, customer_id bytea, cart_id bytea, status text, expires_at_unix_ms bigint, body text");

    public static ValueTask AddAsync(Tx tx, PartnerId partner, Cart cart) => tx.InsertAsync(Into,
        partner.Value, cart.Customer.Value, cart.Id, cart.Status, cart.ExpiresAt.ToUnixTimeMilliseconds(), ToText(cart));

    public static ValueTask<CartRow?> FindAsync(Tx tx, PartnerId partner, CustomerId customer, Guid cart) => tx.OneAsync(
        "SELECT body, result FROM carts WHERE partner_id = $1 AND customer_id = $2 AND cart_id = $3", Map, partner.Value, customer.Value, cart);

    public static ValueTask<int> SaveAsync(Tx tx, PartnerId partner, Cart cart) => tx.ExecuteAsync(
        "UPDATE carts SET body = $4 WHERE partner_id = $1 AND customer_id = $2 AND cart_id = $3",
        partner.Value, cart.Customer.Value, cart.Id, ToText(cart));

    /// <summary>Marks it as ordered and keeps the answer.</summary>
    public static ValueTask<int> CloseAsync(Tx tx, PartnerId partner, Cart cart, CheckedOut result) => tx.ExecuteAsync(
        "UPDATE carts SET status = $4, body = $5, result = $6 WHERE partner_id = $1 AND customer_id = $2 AND cart_id = $3",
        partner.Value, cart.Customer.Value, cart.Id, cart.Status, ToText(cart), ToText(result));

    public static string ToText(Cart cart) => JsonSerializer.Serialize(cart, CommerceJson.Default.Cart);

    public static Cart FromText(string text) => JsonSerializer.Deserialize(text, CommerceJson.Default.Cart)!;

    public static string ToText(CheckedOut result) => JsonSerializer.Serialize(result, CommerceJson.Default.CheckedOut);

    public static CheckedOut ResultFromText(string text) => JsonSerializer.Deserialize(text, CommerceJson.Default.CheckedOut)!;

    private static CartRow Map(DbDataReader row) =>
        new(FromText(row.Text(0)), row.TextOrNull(1) is { } result ? ResultFromText(result) : null);
}
