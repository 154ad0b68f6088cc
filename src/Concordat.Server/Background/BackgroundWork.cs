using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Background;

/// <summary>Everything that runs beside the requests. Disposed before the parts it works with.</summary>
internal sealed class BackgroundWork : IAsyncDisposable
{
    private readonly IReadOnlyList<Recurring> loops;

    private BackgroundWork(IReadOnlyList<Recurring> loops) => this.loops = loops;

    public static BackgroundWork Start(Parts parts)
    {
        var context = parts.Context;
        var log = parts.Logs.CreateLogger<BackgroundWork>();
        var wall = context.Clocks.Wall;
        var renewals = new Renewals(context, new ScheduledMigrations(context, parts.Transactions, parts.Directory));
        var retention = new Retention(context);
        parts.Feed.Start();
        return new BackgroundWork(
        [
            new Recurring("renewals", Renewals.Every, renewals.RunDueAsync, wall, log),
            new Recurring("directory", PartnerDirectory.RefreshEvery, parts.Directory.RefreshAsync, wall, log),
            new Recurring("retention", Retention.Every, retention.RunAsync, wall, log),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var loop in loops)
        {
            await loop.DisposeAsync();
        }
    }
}
