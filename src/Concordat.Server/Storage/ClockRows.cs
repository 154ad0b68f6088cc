using System.Buffers.Binary;

namespace Concordat.Server.Storage;

/// <summary>What the stored data and the database server say about the time.</summary>
internal static class ClockRows
{
    /// <summary>
    /// When the newest ledger entry was made, by the wall clock of the node that made it: its id is a UUIDv7, which begins
    /// with the Unix milliseconds. Null when there is none.
    /// </summary>
    public static async ValueTask<DateTimeOffset?> NewestEntryAsync(Tx tx) =>
        await tx.OneAsync("SELECT entry_id FROM ledger_entries ORDER BY seq DESC LIMIT 1", row => row.Bytes(0)) is { } id
            ? DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(id) >> 16)
            : null;

    /// <summary>The database server's clock; null for the embedded engine, which has none of its own.</summary>
    public static async ValueTask<DateTimeOffset?> ServerTimeAsync(Tx tx) => tx is PostgresTx
        ? await tx.OneAsync("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT",
            row => (object)DateTimeOffset.FromUnixTimeMilliseconds(row.Long(0))) as DateTimeOffset?
        : null;
}
