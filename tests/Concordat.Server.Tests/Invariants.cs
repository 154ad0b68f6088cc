using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests;

/// <summary>What must hold of the stored data after every test.</summary>
internal static class Invariants
{
    /// <summary>
    /// Every stored standing is the fold of its facts and equals the cache; every fact has one ledger entry whose leaf hash
    /// is right; every order that the gate had a say in cites an entry that exists.
    /// </summary>
    public static Task CheckAsync(Parts parts) => parts.Database.ReadEverythingAsync(async tx =>
    {
        var accounts = await tx.ManyAsync("SELECT partner_id, customer_id FROM customer_accounts WHERE removed_at_unix_ms IS NULL",
            row => (Partner: new PartnerId(row.Id(0)), Customer: new CustomerId(row.Id(1))));
        foreach (var (partner, customer) in accounts)
        {
            var switches = parts.Directory.Find(partner)!.Switches;
            var (row, facts, folded) = await Standings.FoldAsync(tx, partner, customer, switches.CutOffCompares);
            Assert.Equal(folded, row.Standing);
            Assert.Equal(facts.Count, row.Facts);
            Assert.Equal(Enumerable.Range(1, facts.Count).Select(no => (long)no), facts.Select(fact => fact.No));
            if (parts.Context.Standings.TryGet(partner, customer, out var known))
            {
                Assert.Equal(row.Standing, known.Standing);
            }
        }

        await CheckLedgerAsync(tx);
        return true;
    }).AsTask();

    private static async Task CheckLedgerAsync(Tx tx)
    {
        var entries = await tx.ManyAsync("SELECT entry_id, entry, leaf_hash FROM ledger_entries",
            row => (Id: row.Id(0), Bytes: row.Bytes(1), Leaf: row.Bytes(2)));
        foreach (var (id, bytes, leaf) in entries)
        {
            Assert.Equal(LeafHash.Of(bytes), leaf);
            using var json = JsonDocument.Parse(bytes);
            Assert.Equal(id.ToString("D"), json.RootElement.GetProperty("id").GetString());
        }

        var ids = entries.Select(entry => entry.Id).ToHashSet();
        var cited = await tx.ManyAsync(
            "SELECT entry_id FROM agreement_facts UNION ALL SELECT entry_id FROM direct_acceptances UNION ALL SELECT entry_id FROM orders WHERE entry_id IS NOT NULL",
            row => row.Id(0));
        Assert.All(cited, id => Assert.Contains(id, ids));
        var facts = await tx.ManyAsync("SELECT entry_id FROM agreement_facts UNION ALL SELECT entry_id FROM direct_acceptances", row => row.Id(0));
        Assert.Equal(facts.Count, facts.Distinct().Count());
        Assert.Equal(ids.Count, facts.Count);
    }
}
