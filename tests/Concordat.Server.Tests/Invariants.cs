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
        await CheckAttestationsAsync(tx);
        return true;
    }).AsTask();

    /// <summary>
    /// Every attestation has its signatory and its partner; it has an answer when it was accepted or declined, and an agreement
    /// of its own when it was finalised; none of them is stored as expired.
    /// </summary>
    private static async Task CheckAttestationsAsync(Tx tx)
    {
        const string counts = """
            SELECT COUNT(*) FROM attestations a
            WHERE a.state = 5
            OR (a.state IN (1, 2, 4)) <> (a.shown_entry_id IS NOT NULL)
            OR (a.state = 4) <> (a.accepted_entry_id IS NOT NULL)
            OR (a.state <> 0) <> (a.ended_at_unix_ms IS NOT NULL)
            OR (a.state = 4 AND (a.customer_id IS NULL OR a.subject_customer_id <> a.customer_id))
            OR NOT EXISTS (SELECT 1 FROM subjects s WHERE s.partner_id = a.partner_id AND s.customer_id = a.subject_customer_id AND s.subject_id = a.subject_id)
            OR NOT EXISTS (SELECT 1 FROM attestation_partners p WHERE p.attestation_id = a.attestation_id AND p.partner_id = a.partner_id)
            OR (a.state = 4 AND NOT EXISTS (SELECT 1 FROM agreement_facts f WHERE f.partner_id = a.partner_id AND f.customer_id = a.customer_id
              AND f.entry_id = a.accepted_entry_id AND f.method = 'partner-enhanced' AND f.agreed_at_unix_ms = a.ended_at_unix_ms))
            """;
        Assert.Equal(0L, await tx.OneAsync(counts, row => (object)row.Long(0)));
        var enhanced = await tx.OneAsync("SELECT COUNT(*) FROM agreement_facts WHERE method = 'partner-enhanced'", row => (object)row.Long(0));
        Assert.Equal(await tx.OneAsync("SELECT COUNT(*) FROM attestations WHERE state = 4", row => (object)row.Long(0)), enhanced);
    }

    private static async Task CheckLedgerAsync(Tx tx)
    {
        var entries = await tx.ManyAsync("SELECT entry_id, entry, leaf_hash FROM ledger_entries",
            row => (Id: row.Id(0), Bytes: row.Bytes(1), Leaf: row.Bytes(2)));
        var ofFacts = 0;
        foreach (var (id, bytes, leaf) in entries)
        {
            Assert.Equal(LeafHash.Of(bytes), leaf);
            using var json = JsonDocument.Parse(bytes);
            Assert.Equal(id.ToString("D"), json.RootElement.GetProperty("id").GetString());
            ofFacts += json.RootElement.GetProperty("kind").GetString() is "test.entry" or "key.rotated" ? 0 : 1;
        }

        var ids = entries.Select(entry => entry.Id).ToHashSet();
        var cited = await tx.ManyAsync(
            "SELECT entry_id FROM agreement_facts UNION ALL SELECT entry_id FROM direct_acceptances UNION ALL SELECT entry_id FROM orders WHERE entry_id IS NOT NULL",
            row => row.Id(0));
        Assert.All(cited, id => Assert.Contains(id, ids));
        var facts = await tx.ManyAsync(
            "SELECT entry_id FROM agreement_facts UNION ALL SELECT entry_id FROM direct_acceptances UNION ALL SELECT shown_entry_id FROM attestations WHERE shown_entry_id IS NOT NULL",
            row => row.Id(0));
        Assert.Equal(facts.Count, facts.Distinct().Count());
        Assert.Equal(ofFacts, facts.Count);
    }
}
