using Concordat.Server.Background.Mails;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Background;

/// <summary>Everything that runs beside the requests. Disposed before the parts it works with.</summary>
internal sealed class BackgroundWork : IAsyncDisposable
{
    private readonly IReadOnlyList<Recurring> loops;

    private BackgroundWork(IReadOnlyList<Recurring> loops, Courier? courier) => (this.loops, Courier) = (loops, courier);

    /// <summary>Carries mails; null where there is no mail server.</summary>
    public Courier? Courier { get; }

    public static BackgroundWork Start(Parts parts)
    {
        var context = parts.Context;
        var log = parts.Logs.CreateLogger<BackgroundWork>();
        var wall = context.Clocks.Wall;
        var renewals = new Renewals(context, new ScheduledMigrations(context, parts.Transactions, parts.Directory));
        var retention = new Retention(context);
        parts.Feed.Start();
        var courier = StartCourier(parts);
        return new BackgroundWork(
        [
            new Recurring("renewals", Renewals.Every, renewals.RunDueAsync, wall, log),
            new Recurring("directory", PartnerDirectory.RefreshEvery, parts.Directory.RefreshAsync, wall, log),
            new Recurring("ledger", Sequencer.Every, parts.Sequencer.RunAsync, wall, log),
            new Recurring("retention", Retention.Every, retention.RunAsync, wall, log),
        ], courier);
    }

    public async ValueTask DisposeAsync()
    {
        if (Courier is not null)
        {
            await Courier.DisposeAsync();
        }

        foreach (var loop in loops)
        {
            await loop.DisposeAsync();
        }
    }

    private static Courier? StartCourier(Parts parts)
    {
        var log = parts.Logs.CreateLogger<Courier>();
        if (parts.MailServer is { } server)
        {
            return new Courier(parts.Context, server, parts.PublicUrl, parts.Options.MailPace, log);
        }

        LogEvents.NoMailServer(log);
        return null;
    }
}
