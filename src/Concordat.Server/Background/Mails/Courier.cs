using System.Threading.Channels;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Background.Mails;

/// <summary>
/// Carries due mails from the outbox to the mail server. One loop claims a few at a time, partner by partner, oldest first
/// and codes before the rest; several sessions hand them over. What cannot go now stays in the outbox.
/// </summary>
internal sealed class Courier : IAsyncDisposable
{
    // A code that is queued waits behind these few at most.
    private const int MostClaimed = 16;

    private readonly OperationContext context;
    private readonly MailPace pace;
    private readonly ILogger<Courier> log;
    private readonly MailRound round;
    private readonly MailHandOver handOver;
    private readonly string domain;
    private readonly Channel<ClaimedMail> claimed = Channel.CreateBounded<ClaimedMail>(MostClaimed);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private int underWay;

    public Courier(OperationContext context, IMailServer server, string publicUrl, MailPace pace, ILogger<Courier> log)
    {
        (this.context, this.pace, this.log) = (context, pace, log);
        domain = MailAddresses.DomainOf(server.From);
        Watch = new ServerWatch(pace, context.Clocks.Wall, context.Ids);
        round = new MailRound(context);
        handOver = new MailHandOver(context, server, publicUrl, pace, Watch, log);
        running = Task.Run(() => Task.WhenAll([ClaimAsync(), .. Enumerable.Range(0, pace.Sessions).Select(_ => CarryAsync())]));
    }

    /// <summary>Whether the mail server is there.</summary>
    public ServerWatch Watch { get; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        handOver.Dispose();
        stopping.Dispose();
    }

    private async Task ClaimAsync()
    {
        await ReleaseAsync();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!await ClaimSomeAsync())
                {
                    await PauseAsync(Watch.Wait > pace.Poll ? Watch.Wait : pace.Poll);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                LogEvents.MailsNotClaimed(log, error);
                await PauseAsync(TimeSpan.FromSeconds(1));
            }
        }

        claimed.Writer.Complete();
    }

    // On the embedded engine nobody else can be carrying what was claimed before this process began.
    private async Task ReleaseAsync()
    {
        if (context.Database is SqliteDatabase)
        {
            _ = await context.Loop.RunAsync(new ReleaseEveryMail());
        }
    }

    /// <summary>False when there is nothing to do now.</summary>
    private async Task<bool> ClaimSomeAsync()
    {
        if (Watch.Wait > TimeSpan.Zero || (Watch.Away && Volatile.Read(ref underWay) > 0))
        {
            return false;
        }

        var next = await round.NextAsync(Watch.Away ? 1 : MostClaimed);
        if (next.Count == 0)
        {
            return false;
        }

        var outcome = await context.Loop.RunAsync(new ClaimMails(context, next, pace.Lease, domain));
        if (!outcome.TryGetValue(out var mails, out _))
        {
            return false;
        }

        Interlocked.Add(ref underWay, mails.Count);
        foreach (var mail in mails)
        {
            // Not cancelled: what is claimed is carried or given back.
            await claimed.Writer.WriteAsync(mail);
        }

        return mails.Count > 0;
    }

    private async Task CarryAsync()
    {
        await using var session = new SessionHolder(handOver, pace, context.Clocks.Wall);
        while (await session.WaitAsync(claimed.Reader))
        {
            while (claimed.Reader.TryRead(out var mail))
            {
                try
                {
                    await handOver.CarryAsync(mail, session, stopping.Token);
                }
                catch (Exception error)
                {
                    // The claim ends by itself, and the mail is tried again.
                    LogEvents.MailNotCarried(log, error, mail.Row.Id);
                }
                finally
                {
                    Interlocked.Decrement(ref underWay);
                }
            }
        }
    }

    private async Task PauseAsync(TimeSpan time) =>
        await Task.Delay(time, context.Clocks.Wall, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
