using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>By which column a list of customers is ordered and searched; both are indexed.</summary>
internal enum CustomerOrder
{
    Name,
    Domain,
}

/// <summary>The customers of a list: a range of one column, and optionally one reseller's alone.</summary>
/// <param name="Order">The column.</param>
/// <param name="From">First value that belongs to it, inclusive; compared by bytes.</param>
/// <param name="Below">End of the range, exclusive.</param>
/// <param name="Reseller">Only customers of this reseller; null for all.</param>
internal sealed record CustomerRange(CustomerOrder Order, string From, string Below, PartnerId? Reseller = null)
{
    // The last code point is none that text may hold, so it sorts behind everything that begins alike.
    private const string Last = "\U0010FFFF";

    public static readonly CustomerRange All = new(CustomerOrder.Name, "", Last);

    public static readonly CustomerRange Nothing = new(CustomerOrder.Name, Last, "");

    /// <summary>What begins with the text.</summary>
    public static CustomerRange Prefix(CustomerOrder order, string text) => new(order, text, text + Last);

    /// <summary>What is the text: nothing sorts between it and its shortest extension, as no text holds control characters.</summary>
    public static CustomerRange Exactly(CustomerOrder order, string text) => new(order, text, text + "\u0001");
}

/// <summary>A place in a list: a row's ordered value and its id.</summary>
internal readonly record struct CustomerSeek(string Key, Guid Id);

/// <summary>Pages of a partner's customers. Every page is a walk along an index from a known place, however long the list.</summary>
internal static class CustomerPages
{
    private static readonly string[] Statements =
        [.. from order in Enum.GetValues<CustomerOrder>() from ofReseller in (bool[])[false, true] from backwards in (bool[])[false, true]
            select Statement(order, ofReseller, backwards)];

    /// <summary>
    /// Up to <paramref name="limit"/> rows behind <paramref name="place"/>, or before it when <paramref name="backwards"/>
    /// (nearest first). Without a place it begins at that end of the range.
    /// </summary>
    public static ValueTask<List<CustomerRow>> ReadAsync(
        Tx tx, PartnerId partner, CustomerRange range, CustomerSeek? place, bool backwards, int limit)
    {
        var start = place ?? new CustomerSeek(backwards ? range.Below : range.From, Guid.Empty);
        var end = backwards ? range.From : range.Below;
        var sql = Statements[((int)range.Order * 4) + (range.Reseller is null ? 0 : 2) + (backwards ? 1 : 0)];
        return range.Reseller is { } reseller
            ? tx.ManyAsync(sql, CustomerRows.Map, partner.Value, start.Key, start.Id, end, limit, reseller.Value)
            : tx.ManyAsync(sql, CustomerRows.Map, partner.Value, start.Key, start.Id, end, limit);
    }

    // One reseller's customers are walked along its own index, which holds the ordered columns too: an index of the whole provider
    // would be searched for a reseller's few. CROSS JOIN keeps SQLite to that order.
    internal static string Statement(CustomerOrder order, bool ofReseller, bool backwards)
    {
        var walked = ofReseller ? "r" : "a";
        var key = $"{walked}.{(order == CustomerOrder.Name ? "search_name" : "domain")}";
        var from = ofReseller ? "customer_resellers r CROSS JOIN customer_accounts a" : "customer_accounts a";
        var reseller = ofReseller ? "AND r.partner_id = $1 AND r.reseller_id = $6 AND a.customer_id = r.customer_id" : "";
        return $"""
            SELECT {CustomerRows.Columns} FROM {from} JOIN customers c ON c.customer_id = a.customer_id
            WHERE a.partner_id = $1 AND a.active = 1 {reseller}
              AND ({key}, {walked}.customer_id) {(backwards ? "<" : ">")} ($2, $3) AND {key} {(backwards ? ">=" : "<")} $4
            ORDER BY {key} {(backwards ? "DESC" : "ASC")}, {walked}.customer_id {(backwards ? "DESC" : "ASC")} LIMIT $5
            """;
    }
}
