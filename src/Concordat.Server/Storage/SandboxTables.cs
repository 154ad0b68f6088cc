namespace Concordat.Server.Storage;

/// <summary>
/// Empties everything for a sandbox reset. Append-only tables refuse deletion, so their guards are taken down and put back
/// within the transaction; production code never calls this.
/// </summary>
internal static class SandboxTables
{
    public static async ValueTask EmptyAsync(Tx tx)
    {
        tx.TouchEverything();
        if (tx is PostgresTx)
        {
            // The working role may do none of this; the login owns the tables.
            await tx.ExecuteAsync("SELECT set_config('role', 'none', true)");
        }

        foreach (var table in Tables.OfPartners.Concat(Tables.Shared).Where(table => table != SchemaVersions.Table))
        {
            await (Tables.AppendOnly.Contains(table) ? EmptyGuardedAsync(tx, table) : EmptyAsync(tx, table));
        }

        await TreeRows.MakeStateAsync(tx);
    }

    private static async ValueTask EmptyAsync(Tx tx, string table) => await tx.ExecuteAsync($"DELETE FROM {table}");

    private static async ValueTask EmptyGuardedAsync(Tx tx, string table)
    {
        if (tx is PostgresTx)
        {
            await tx.ExecuteAsync($"ALTER TABLE {table} DISABLE TRIGGER USER");
            await EmptyAsync(tx, table);
            await tx.ExecuteAsync($"ALTER TABLE {table} ENABLE TRIGGER USER");
            return;
        }

        var guard = await tx.OneAsync("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = $1", row => row.Text(0), $"{table}_no_delete");
        if (guard is not null)
        {
            await tx.ExecuteAsync($"DROP TRIGGER {table}_no_delete");
        }

        await EmptyAsync(tx, table);
        if (guard is not null)
        {
            await tx.ExecuteAsync(guard);
        }
    }
}
