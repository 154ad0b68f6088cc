using System.Data.Common;

namespace Concordat.Server.Hosting;

/// <summary>Liveness (the process answers) and readiness (it can read, it can write, and it is not stopping).</summary>
internal static class Health
{
    /// <summary>A transaction that takes longer is stuck; the slowest sound one is far below.</summary>
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(3);

    public static void Map(IEndpointRouteBuilder routes, Parts parts, IHostApplicationLifetime lifetime)
    {
        var database = new ReadinessRead(parts.Database);
        routes.MapMethods("/health/live", ["GET", "HEAD"], () => Results.Text("alive"));
        routes.MapMethods("/health/ready", ["GET", "HEAD"], async () =>
            await FaultAsync(parts, database, lifetime) is { } fault ? Results.Text(fault, statusCode: 503) : Results.Text("ready"));
        // By itself, as reading goes on while nothing is signed: taking the node out of service would help nobody.
        routes.MapMethods("/health/ledger", ["GET", "HEAD"], () =>
            parts.Sequencer.Fault is { } fault ? Results.Text(fault, statusCode: 503) : Results.Text("signing"));
    }

    private static async Task<string?> FaultAsync(Parts parts, ReadinessRead database, IHostApplicationLifetime lifetime)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return "stopping";
        }

        if (!parts.Context.Loop.Alive)
        {
            return "nothing can be written: the commit loop has ended";
        }

        if (parts.Context.Loop.Busy > LongestTransaction)
        {
            return "nothing can be written: a transaction is stuck";
        }

        try
        {
            await database.RunAsync(LongestRead);
            return null;
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            return "the database does not answer";
        }
    }
}
