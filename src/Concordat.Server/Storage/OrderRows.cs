using System.Text.Json;
using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Commerce;

namespace Concordat.Server.Storage;

/// <summary>Orders and subscriptions are stored as JSON of the Core records, beside the columns that are searched; what is null is left out.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Subscription))]
[JsonSerializable(typeof(SubscriptionRow))]
[JsonSerializable(typeof(Cart))]
[JsonSerializable(typeof(CheckedOut))]
[JsonSerializable(typeof(Migration))]
[JsonSerializable(typeof(Transition))]
[JsonSerializable(typeof(MigrationSchedule))]
internal sealed partial class CommerceJson : JsonSerializerContext;

/// <summary>Orders.</summary>
internal static class OrderRows
{
    private static readonly Insert Into = new("orders",
        "partner_id bytea, customer_id bytea, order_id bytea, created_at_unix_ms bigint, entry_id bytea, etag bigint, body text");

    /// <summary><paramref name="entry"/> is the ledger entry that permitted it.</summary>
    public static ValueTask AddAsync(Tx tx, PartnerId partner, Order order, EntryId? entry) => tx.InsertAsync(Into,
        partner.Value, order.Customer.Value, order.Id, order.CreatedAt.ToUnixTimeMilliseconds(), entry?.Value, 1L, ToText(order));

    public static ValueTask<Order?> FindAsync(Tx tx, PartnerId partner, CustomerId customer, Guid order) => tx.OneAsync(
        "SELECT body FROM orders WHERE partner_id = $1 AND customer_id = $2 AND order_id = $3", row => FromText(row.Text(0)),
        partner.Value, customer.Value, order);

    /// <summary>Newest first.</summary>
    public static ValueTask<List<Order>> OfCustomerAsync(Tx tx, PartnerId partner, CustomerId customer) => tx.ManyAsync(
        "SELECT body FROM orders WHERE partner_id = $1 AND customer_id = $2 ORDER BY created_at_unix_ms DESC, order_id DESC",
        row => FromText(row.Text(0)), partner.Value, customer.Value);

    public static ValueTask<int> SaveAsync(Tx tx, PartnerId partner, Order order) => tx.ExecuteAsync(
        "UPDATE orders SET body = $4, etag = etag + 1 WHERE partner_id = $1 AND customer_id = $2 AND order_id = $3",
        partner.Value, order.Customer.Value, order.Id, ToText(order));

    public static string ToText(Order order) => JsonSerializer.Serialize(order, CommerceJson.Default.Order);

    public static Order FromText(string text) => JsonSerializer.Deserialize(text, CommerceJson.Default.Order)!;
}
