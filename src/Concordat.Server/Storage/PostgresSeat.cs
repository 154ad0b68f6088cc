using Npgsql;

namespace Concordat.Server.Storage;

/// <summary>
/// The place of the one sequencer among all nodes: a session advisory lock on a connection that nobody else uses. Whoever
/// loses the connection loses the place, and what was under way with it.
/// </summary>
internal sealed class PostgresSeat : IAsyncDisposable
{
    // One key for this product; a session lock belongs to one database.
    private const long SeatLock = 0x436f6e636f726453;

    private readonly NpgsqlConnection connection;
    private readonly string role;

    private PostgresSeat(NpgsqlConnection connection, string role) => (this.connection, this.role) = (connection, role);

    /// <summary>Takes the place; null while another node has it.</summary>
    public static async Task<PostgresSeat?> TakeAsync(string connectionString, string role)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 5 };
        var connection = new NpgsqlConnection(builder.ConnectionString);
        try
        {
            await connection.OpenAsync();
            var taken = await new PostgresTx(connection).OneAsync("SELECT pg_try_advisory_lock($1)::text", row => row.Text(0), SeatLock);
            if (taken == "true")
            {
                return new PostgresSeat(connection, role);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Runs a transaction on the connection that holds the place.</summary>
    public async Task<T> WriteAsync<T>(Func<Tx, ValueTask<T>> write)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        var tx = new PostgresTx(connection, role, PartnerScope.None, lasting: true);
        var result = await write(tx);
        await tx.FlushAsync();
        await transaction.CommitAsync();
        return result;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
