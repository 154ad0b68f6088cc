using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests;

/// <summary>How many rows every table holds: what a refusal must leave as it was. The sequencer's tables follow by themselves.</summary>
internal static class StoredRows
{
    private static readonly string[] PartnerTables =
        ["customer_accounts", "customer_resellers", "subjects", "agreement_facts", "standings", "disclosures", "carts", "orders", "subscriptions", "outbox", "invitations", "idempotency", "attestations", "attestation_codes", "attestation_partners"];

    /// <summary>Counts by table; tables come from the database, so that a new one is counted too.</summary>
    /// <param name="parts">The server's parts.</param>
    /// <param name="partner">Counts only what is this seeded partner's; null for everything.</param>
    public static Task<SortedDictionary<string, long>> CountAsync(Parts parts, string? partner = null) => parts.Database.ReadEverythingAsync(async tx =>
    {
        var tables = await tx.ManyAsync(tx is PostgresTx
            ? "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'", row => row.Text(0));
        var mine = partner is null ? "" : $" WHERE partner_id = {(tx is PostgresTx ? "'\\x" : "x'")}{TestServer.Partner(partner).Id.Value:N}'";
        tables.RemoveAll(table => table is "ledger_leaves" or "ledger_tiles" or "ledger_checkpoints" or "ledger_keys");
        var of = partner is null ? tables : tables.Where(table => PartnerTables.Contains(table));
        var counts = await tx.ManyAsync(
            string.Join(" UNION ALL ", of.Select(table => $"SELECT '{table}', count(*) FROM {table}{mine}")), row => (Table: row.Text(0), Rows: row.Long(1)));
        return new SortedDictionary<string, long>(counts.ToDictionary(count => count.Table, count => count.Rows), StringComparer.Ordinal);
    }).AsTask();

    /// <summary>The same without the audit, which records refusals on purpose, and without what sending earlier mails writes meanwhile.</summary>
    public static async Task<string> ExceptAuditAsync(Parts parts, string? partner = null) =>
        string.Join(' ', (await CountAsync(parts, partner)).Where(count => count.Key is not ("audit" or "mail_attempts" or "signatory_links")).Select(count => $"{count.Key}={count.Value}"));

    /// <summary>Mails that are still to be sent, whenever that is.</summary>
    public static async Task<long> DueMailsAsync(Parts parts) =>
        (await parts.Database.ReadEverythingAsync(tx => tx.ManyAsync("SELECT count(*) FROM outbox WHERE state = 'due'", row => row.Long(0)))).Single();

    public static async Task<long> LedgerAsync(Parts parts) => (await CountAsync(parts))["ledger_entries"];
}
