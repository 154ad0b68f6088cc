namespace Concordat.Server.Storage;

/// <summary>A checkpoint that was signed.</summary>
internal sealed record StoredCheckpoint(long Size, byte[] Root, string Note, DateTimeOffset SignedAt);

/// <summary>Every checkpoint that was ever signed.</summary>
internal static class CheckpointRows
{
    private const string Columns = "SELECT size, root, note, signed_at_unix_ms FROM ledger_checkpoints";

    private static readonly Insert Into = new("ledger_checkpoints",
        "size bigint, root bytea, note text, signed_at_unix_ms bigint, epoch bigint");

    public static ValueTask AddAsync(Tx tx, StoredCheckpoint checkpoint, long epoch) => tx.InsertAsync(
        Into, checkpoint.Size, checkpoint.Root, checkpoint.Note, checkpoint.SignedAt.ToUnixTimeMilliseconds(), epoch);

    public static ValueTask<StoredCheckpoint?> LastAsync(Tx tx) => tx.OneAsync($"{Columns} ORDER BY size DESC LIMIT 1", Read);

    public static ValueTask<StoredCheckpoint?> AtAsync(Tx tx, long size) => tx.OneAsync($"{Columns} WHERE size = $1", Read, size);

    /// <summary>Checkpoints behind a size, in their order.</summary>
    public static ValueTask<List<StoredCheckpoint>> AfterAsync(Tx tx, long size, int limit) =>
        tx.ManyAsync($"{Columns} WHERE size > $1 ORDER BY size LIMIT $2", Read, size, limit);

    private static StoredCheckpoint Read(System.Data.Common.DbDataReader row) =>
        new(row.Long(0), row.Bytes(1), row.Text(2), DateTimeOffset.FromUnixTimeMilliseconds(row.Long(3)));
}
