using Concordat.Server.Background;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;

namespace Concordat.Server.Sandbox;

/// <summary>
/// Empties the database and seeds it anew; ids stay the same, so tokens and sandbox.json stay good. Resets follow each
/// other, and requests that come during one wait for its end: halfway, there are no partners and the clocks are in the past.
/// </summary>
internal sealed class SandboxReset(Parts parts, Seed seed, SandboxClock clock, Renewals renewals)
{
    private readonly Lock order = new();
    private Task latest = Task.CompletedTask;

    public Task RunAsync()
    {
        lock (order)
        {
            return latest = ResetAsync(after: latest);
        }
    }

    /// <summary>Middleware that holds requests back while a reset runs.</summary>
    public async Task HoldBackAsync(HttpContext http, RequestDelegate next)
    {
        await Volatile.Read(ref latest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await next(http);
    }

    private async Task ResetAsync(Task after)
    {
        await after.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ = (await parts.Context.Loop.RunAsync(new EmptySandbox())).Value;
        parts.Context.Standings.Clear();
        await seed.RunAsync();
        await clock.RestoreAsync();
        await renewals.RunDueAsync();
    }
}
