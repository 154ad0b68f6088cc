using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Commerce;

namespace Concordat.Server.Storage;

/// <summary>The history of subscriptions whose seats went to another item.</summary>
internal static class TransitionRows
{
    private static readonly Insert Into = new("transitions",
        "partner_id bytea, customer_id bytea, subscription_id bytea, transition_id bytea, body text");

    public static ValueTask AddAsync(Tx tx, PartnerId partner, CustomerId customer, Transition transition) => tx.InsertAsync(
        Into, partner.Value, customer.Value, transition.Source, transition.Id, ToText(transition));

    /// <summary>In the order in which they happened.</summary>
    public static ValueTask<List<Transition>> OfSubscriptionAsync(Tx tx, PartnerId partner, CustomerId customer, Guid subscription) => tx.ManyAsync(
        """
        SELECT body FROM transitions WHERE partner_id = $1 AND customer_id = $2 AND subscription_id = $3 ORDER BY transition_id
        """,
        row => FromText(row.Text(0)), partner.Value, customer.Value, subscription);

    public static string ToText(Transition transition) => JsonSerializer.Serialize(transition, CommerceJson.Default.Transition);

    public static Transition FromText(string text) => JsonSerializer.Deserialize(text, CommerceJson.Default.Transition)!;
}
