using System.Data.Common;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Background;

/// <summary>
/// Keeps the standing cache true: fills it at the start, then follows what other processes on the same database commit.
/// Until it is filled, and from a broken connection to the next filling, the cache is not complete and pre-checks read
/// storage. Changes of this process reach the cache by its own commits.
/// </summary>
internal sealed class StandingFeed(OperationContext context, ILogger<StandingFeed> log) : IAsyncDisposable
{
    /// <summary>Standings read at once, so that memory stays flat whatever the number of customers.</summary>
    private const int PageSize = 10_000;

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim loading = new(1);
    private Task running = Task.CompletedTask;

    /// <summary>Begins in the background.</summary>
    public void Start() => running = Task.Run(() => RunAsync(stopping.Token));

    /// <summary>Forgets everything and reads it anew, as after a reset.</summary>
    public async Task ReloadAsync(CancellationToken cancel = default)
    {
        await loading.WaitAsync(cancel);
        try
        {
            context.Standings.Clear();
            var after = default(StandingId);
            while (await LoadPageAsync(after) is { } last)
            {
                cancel.ThrowIfCancellationRequested();
                after = last;
            }

            context.Standings.Complete = true;
        }
        finally
        {
            loading.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
        loading.Dispose();
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await LoadAndFollowAsync(cancel);
                return;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is DbException or TimeoutException or IOException or OperationCanceledException)
            {
                context.Standings.Complete = false;
                log.LogWarning(error, "The feed of standings broke; pre-checks read the database until it is back.");
                await Task.Delay(Pause, context.Clocks.Wall, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task LoadAndFollowAsync(CancellationToken cancel)
    {
        // Listening comes first: what commits while the pages are read arrives as a change afterwards.
        await using var changes = await context.Database.ListenAsync(cancel);
        await ReloadAsync(cancel);
        if (changes is null)
        {
            return;
        }

        await foreach (var changed in changes.ReadAsync(cancel))
        {
            await (changed is null ? ReloadAsync(cancel) : FollowAsync(changed));
        }
    }

    private async Task<StandingId?> LoadPageAsync(StandingId after)
    {
        var page = await context.Database.ReadEverythingAsync(tx => StandingRows.PageAsync(tx, after, PageSize));
        // What this process changed meanwhile may be older or newer than the page.
        var open = page.Where(one => !context.Standings.Load(one.Id.Partner, one.Id.Customer, one.Standing, one.Active)).Select(one => one.Id).ToList();
        await FollowAsync(open);
        return page.Count < PageSize ? null : page[^1].Id;
    }

    private async Task FollowAsync(IReadOnlyList<StandingId> changed)
    {
        var open = changed;
        for (var again = false; open.Count > 0; again = true)
        {
            if (again)
            {
                // A transaction of this process is under way, or its answer came first.
                await Task.Delay(Retry, context.Clocks.Wall, stopping.Token);
            }

            foreach (var (partner, customer) in open)
            {
                context.Standings.Ask(partner, customer);
            }

            var rows = await ReadAsync(open);
            open = [.. open.Where((id, i) => !context.Standings.TryAnswer(id.Partner, id.Customer, rows[i]))];
        }
    }

    private ValueTask<List<KnownStanding?>> ReadAsync(IReadOnlyList<StandingId> ids) => context.Database.ReadAsync(PartnerScope.Of(ids.Select(id => id.Partner)), async tx =>
    {
        var reads = ids.Select(id => StandingRows.PlanFind(id.Partner, id.Customer)).ToList();
        await tx.PrefetchAsync(reads);
        return reads.ConvertAll(read => read.Rows is [var row, ..] ? new KnownStanding(row.Standing, row.Active) : (KnownStanding?)null);
    });
}
