namespace Concordat.Server.Storage;

/// <summary>
/// Empties everything for a sandbox reset. Append-only tables refuse deletion, so their guards are taken down and put back
/// within the transaction; production code never calls this.
/// </summary>
internal static class SandboxTables
{
    private static readonly string[] Guarded = ["agreement_facts", "direct_acceptances", "ledger_entries"];

    private static readonly string[] Open =
    [
        "settings", "customers", "partners", "people", "customer_accounts", "customer_resellers", "subjects", "standings", "disclosures",
        "carts", "orders", "subscriptions", "migrations", "audit", "outbox", "mail_attempts", "signatory_links", "idempotency",
    ];

    public static async ValueTask EmptyAsync(Tx tx)
    {
        tx.TouchEverything();
        foreach (var table in Open)
        {
            await tx.ExecuteAsync($"DELETE FROM {table}");
        }

        foreach (var table in Guarded)
        {
            if (tx is PostgresTx)
            {
                await tx.ExecuteAsync($"ALTER TABLE {table} DISABLE TRIGGER USER");
                await tx.ExecuteAsync($"DELETE FROM {table}");
                await tx.ExecuteAsync($"ALTER TABLE {table} ENABLE TRIGGER USER");
            }
            else
            {
                var guard = await tx.OneAsync("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = $1", row => row.Text(0), $"{table}_no_delete");
                await tx.ExecuteAsync($"DROP TRIGGER {table}_no_delete");
                await tx.ExecuteAsync($"DELETE FROM {table}");
                await tx.ExecuteAsync(guard!);
            }
        }
    }
}
