using System.Data.Common;
using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Commerce;

namespace Concordat.Server.Storage;

/// <summary>A subscription with the version that its ETag shows.</summary>
internal sealed record SubscriptionRow(CustomerId Customer, Subscription Subscription, long Etag);

/// <summary>A subscription that the system has to renew or to end.</summary>
internal sealed record DueSubscription(PartnerId Partner, CustomerId Customer, Guid Id);

/// <summary>Subscriptions.</summary>
internal static class SubscriptionRows
{
    private static readonly Insert Into = new("subscriptions",
        "partner_id bytea, customer_id bytea, subscription_id bytea, order_id bytea, parent_id bytea, renews_at_unix_ms bigint, etag bigint, body text");

    public static ValueTask AddAsync(Tx tx, PartnerId partner, CustomerId customer, Subscription subscription) => tx.InsertAsync(Into,
        partner.Value, customer.Value, subscription.Id, subscription.OrderId, subscription.ParentId, RenewsAt(subscription), 1L, ToText(subscription));

    public static ValueTask<SubscriptionRow?> FindAsync(Tx tx, PartnerId partner, CustomerId customer, Guid subscription) => tx.OneAsync(
        "SELECT customer_id, body, etag FROM subscriptions WHERE partner_id = $1 AND customer_id = $2 AND subscription_id = $3", Map,
        partner.Value, customer.Value, subscription);

    /// <summary>In order of purchase.</summary>
    public static ValueTask<List<SubscriptionRow>> OfCustomerAsync(Tx tx, PartnerId partner, CustomerId customer) => tx.ManyAsync(
        "SELECT customer_id, body, etag FROM subscriptions WHERE partner_id = $1 AND customer_id = $2 ORDER BY subscription_id", Map,
        partner.Value, customer.Value);

    /// <summary>The first customers, by id, that have subscriptions.</summary>
    public static ValueTask<List<CustomerId>> CustomersAsync(Tx tx, PartnerId partner, int limit) => tx.ManyAsync(
        "SELECT DISTINCT customer_id FROM subscriptions WHERE partner_id = $1 ORDER BY customer_id LIMIT $2", row => new CustomerId(row.Id(0)), partner.Value, limit);

    /// <summary>Stores a changed one; the version goes up.</summary>
    public static ValueTask<int> SaveAsync(Tx tx, PartnerId partner, CustomerId customer, Subscription subscription) => tx.ExecuteAsync(
        """
        UPDATE subscriptions SET body = $4, renews_at_unix_ms = $5, etag = etag + 1
        WHERE partner_id = $1 AND customer_id = $2 AND subscription_id = $3
        """,
        partner.Value, customer.Value, subscription.Id, ToText(subscription), RenewsAt(subscription));

    /// <summary>Leaves every subscription of a removed customer as it is: the system renews none of them.</summary>
    public static ValueTask<int> StopRenewalsAsync(Tx tx, PartnerId partner, CustomerId customer) => tx.ExecuteAsync(
        "UPDATE subscriptions SET renews_at_unix_ms = NULL WHERE partner_id = $1 AND customer_id = $2", partner.Value, customer.Value);

    /// <summary>
    /// Those whose term ended by <paramref name="now"/>, of the partners of one environment (<c>production</c>,
    /// <c>sandbox</c>), the longest due first.
    /// </summary>
    public static ValueTask<List<DueSubscription>> DueAsync(Tx tx, string environment, DateTimeOffset now, int most) => tx.ManyAsync(
        """
        SELECT s.partner_id, s.customer_id, s.subscription_id FROM subscriptions s JOIN partners p ON p.partner_id = s.partner_id
        WHERE s.renews_at_unix_ms <= $1 AND p.environment = $2 ORDER BY s.renews_at_unix_ms LIMIT $3
        """,
        row => new DueSubscription(new PartnerId(row.Id(0)), new CustomerId(row.Id(1)), row.Id(2)),
        now.ToUnixTimeMilliseconds(), environment, most);

    /// <summary>A row as it is remembered under a request key, and back.</summary>
    public static string ToText(SubscriptionRow row) => JsonSerializer.Serialize(row, CommerceJson.Default.SubscriptionRow);

    public static SubscriptionRow FromText(string text) => JsonSerializer.Deserialize(text, CommerceJson.Default.SubscriptionRow)!;

    private static string ToText(Subscription subscription) => JsonSerializer.Serialize(subscription, CommerceJson.Default.Subscription);

    // The system has something to do at term end for every subscription that is not gone: renew it or let it expire.
    private static long? RenewsAt(Subscription subscription) =>
        subscription is { TermEnd: { } end, Status: "active" or "suspended" } ? end.ToUnixTimeMilliseconds() : null;

    private static SubscriptionRow Map(DbDataReader row) => new(
        new CustomerId(row.Id(0)), JsonSerializer.Deserialize(row.Text(1), CommerceJson.Default.Subscription)!, row.Long(2));
}
