using System.Threading.Channels;

namespace Concordat.Server.Background.Mails;

/// <summary>The session of one carrier: opened with the first mail, kept while there is work, closed after a while without.</summary>
internal sealed class SessionHolder(MailHandOver handOver, MailPace pace, TimeProvider wall) : IAsyncDisposable
{
    private IMailSession? session;
    private int mails;

    /// <summary>A session for the next mail; throws <see cref="MailServerAwayException"/>.</summary>
    public async Task<IMailSession> GetAsync(CancellationToken cancel)
    {
        if (session is not { Usable: true } || mails >= pace.MailsPerSession)
        {
            await DisposeAsync();
            session = await handOver.Server.OpenAsync(cancel);
            mails = 0;
        }

        mails++;
        return session;
    }

    /// <summary>Waits for the next mail, and closes the session when none comes for a while. False when none will come any more.</summary>
    public async Task<bool> WaitAsync(ChannelReader<Operations.ClaimedMail> reader)
    {
        if (session is not null)
        {
            try
            {
                return await TimeLimit.RunAsync(wall, pace.Idle, limit => reader.WaitToReadAsync(limit).AsTask(), CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                await DisposeAsync();
            }
        }

        return await reader.WaitToReadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (session is { } open)
        {
            session = null;
            await open.DisposeAsync();
        }
    }
}
