namespace Concordat.Server.Storage;

/// <summary>A signing key. <paramref name="Sealed"/> is null once it is retired; it then vouches up to <paramref name="MaxSize"/>.</summary>
internal sealed record StoredLedgerKey(long No, string Verifier, byte[]? Sealed, DateTimeOffset MadeAt, long? MaxSize);

/// <summary>The ledger's signing keys, from the oldest to the newest.</summary>
internal static class LedgerKeyRows
{
    private static readonly Insert Into = new("ledger_keys", "key_no bigint, verifier text, sealed bytea, made_at_unix_ms bigint");

    public static ValueTask AddAsync(Tx tx, StoredLedgerKey key) =>
        tx.InsertAsync(Into, key.No, key.Verifier, key.Sealed, key.MadeAt.ToUnixTimeMilliseconds());

    public static ValueTask<List<StoredLedgerKey>> AllAsync(Tx tx) => tx.ManyAsync(
        "SELECT key_no, verifier, sealed, made_at_unix_ms, max_size FROM ledger_keys ORDER BY key_no",
        row => new StoredLedgerKey(row.Long(0), row.Text(1), row.IsDBNull(2) ? null : row.Bytes(2),
            DateTimeOffset.FromUnixTimeMilliseconds(row.Long(3)), row.LongOrNull(4)));

    /// <summary>Destroys the private part.</summary>
    public static async ValueTask RetireAsync(Tx tx, long no, long maxSize) => await tx.ExecuteAsync(
        "UPDATE ledger_keys SET sealed = NULL, max_size = $1 WHERE key_no = $2 AND sealed IS NOT NULL", maxSize, no);
}
