using Concordat.Server.Hosting;
using Concordat.Server.Operations.Sequencing;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.Ledger;

/// <summary>What somebody can do who owns the database: the guards come off first.</summary>
internal static class Tampering
{
    private static readonly string[] Guarded = ["ledger_entries", "ledger_leaves", "ledger_tiles", "ledger_checkpoints"];

    /// <summary>A literal of bytes.</summary>
    public static string Bytes(string engine, string hex) => engine == "postgres" ? $"'\\x{hex}'::bytea" : $"x'{hex}'";

    /// <summary>Runs a statement that the guards would refuse.</summary>
    public static Task RunAsync(Parts parts, params string[] statements) => WriteAsync(parts, async tx =>
    {
        if (tx is PostgresTx)
        {
            await tx.ExecuteAsync("SELECT set_config('role', 'none', true)");
        }

        foreach (var table in Guarded)
        {
            if (tx is PostgresTx)
            {
                await tx.ExecuteAsync($"ALTER TABLE {table} DISABLE TRIGGER USER");
            }
            else
            {
                await tx.ExecuteAsync($"DROP TRIGGER IF EXISTS {table}_no_update");
                await tx.ExecuteAsync($"DROP TRIGGER IF EXISTS {table}_no_delete");
            }
        }

        foreach (var statement in statements)
        {
            await tx.ExecuteAsync(statement);
        }
    });

    /// <summary>Runs statements as the owner of the tables, over all partners' rows.</summary>
    public static Task WriteEverywhereAsync(Parts parts, params string[] statements) => WriteAsync(parts, async tx =>
    {
        if (tx is PostgresTx)
        {
            await tx.ExecuteAsync("SELECT set_config('role', 'none', true), set_config('concordat.partners', '*', true)");
        }

        foreach (var statement in statements)
        {
            await tx.ExecuteAsync(statement);
        }
    });

    /// <summary>Writes by the process's own writer.</summary>
    public static async Task WriteAsync(Parts parts, Func<Tx, ValueTask> write) => Assert.True((await parts.Context.Loop.RunAsync(new WriteLedger<bool>(async tx =>
    {
        await write(tx);
        return true;
    }))).Value);
}
