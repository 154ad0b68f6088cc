using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.Campaigns;

/// <summary>Shows from the rows alone that no order was let through before its agreement was on record.</summary>
internal static class OrderEvidence
{
    /// <summary>
    /// Every order of these customers cites the entry of a fact about the same partner and customer that was written
    /// before it. Answers the ids of the orders, per customer.
    /// </summary>
    public static async Task<ILookup<CustomerId, Guid>> CheckAsync(Parts parts, IReadOnlyCollection<CustomerId> customers)
    {
        var mine = customers.ToHashSet();
        // A transaction id is given at the first write, which comes after the locks: of two transactions about one
        // customer, the later one has the higher id. SQLite has one writer and needs no such column.
        var transaction = parts.Options.Postgres is null ? "0" : "xmin::text::bigint";
        var (facts, orders) = await parts.Database.ReadEverythingAsync(async tx => (
            await tx.ManyAsync($"SELECT entry_id, fact_id, customer_id, {transaction} FROM agreement_facts",
                row => (Entry: row.Id(0), Id: row.Id(1), Customer: new CustomerId(row.Id(2)), Transaction: row.Long(3))),
            await tx.ManyAsync($"SELECT entry_id, order_id, customer_id, {transaction} FROM orders",
                row => (Entry: row.IdOrNull(0), Id: row.Id(1), Customer: new CustomerId(row.Id(2)), Transaction: row.Long(3)))));
        var byEntry = facts.ToDictionary(fact => fact.Entry);
        var ours = orders.Where(order => mine.Contains(order.Customer)).ToList();
        foreach (var order in ours)
        {
            Assert.NotNull(order.Entry);
            var fact = byEntry[order.Entry.Value];
            Assert.Equal(order.Customer, fact.Customer);
            Assert.True(UnixMs(fact.Id) <= UnixMs(order.Id), $"Order {order.Id} is older than its fact {fact.Id}.");
            Assert.True(parts.Options.Postgres is null || fact.Transaction < order.Transaction, $"Order {order.Id} was written before its fact.");
        }

        return ours.ToLookup(order => order.Customer, order => order.Id);
    }

    /// <summary>Number of facts of each customer.</summary>
    public static async Task<Dictionary<CustomerId, int>> FactsAsync(Parts parts)
    {
        var rows = await parts.Database.ReadEverythingAsync(tx => tx.ManyAsync(
            "SELECT customer_id, COUNT(*) FROM agreement_facts GROUP BY customer_id", row => (new CustomerId(row.Id(0)), (int)row.Long(1))));
        return rows.ToDictionary(row => row.Item1, row => row.Item2);
    }

    // Ids are UUIDv7: the first 48 bits are the Unix time in milliseconds.
    private static long UnixMs(Guid id) => Convert.ToInt64(id.ToString("N")[..12], 16);
}
