using Concordat.Server.Background.Mails;
using Concordat.Server.Operations;

namespace Concordat.Server.Sandbox;

/// <summary>A mail that the sandbox has kept instead of sending it.</summary>
internal sealed record KeptMail(string MessageId, DateTimeOffset At, MimeMessage Message, ComposedMail Words)
{
    /// <summary>What stands in the address of its page: the outbox's id of the mail.</summary>
    public string Id => MessageId[..MessageId.IndexOf('@', StringComparison.Ordinal)];
}

/// <summary>
/// Takes every mail of a sandbox without a mail server and shows it on a page. Kept in memory, the newest 500: people in a
/// sandbox are made up, and the outbox knows what was sent.
/// </summary>
internal sealed class Mailbox(TimeProvider wall) : IMailServer, IMailSession
{
    private const int Capacity = 500;

    private readonly Lock sync = new();
    private readonly LinkedList<KeptMail> mails = [];

    public string From => "no-reply@concordat.invalid";

    public bool Usable => true;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<KeptMail> All
    {
        get
        {
            lock (sync)
            {
                return [.. mails];
            }
        }
    }

    public Task<IMailSession> OpenAsync(CancellationToken cancel) => Task.FromResult<IMailSession>(this);

    public async Task<MailReply> OfferAsync(MimeMessage message, Func<Task> beforeLastLine, CancellationToken cancel)
    {
        await beforeLastLine();
        lock (sync)
        {
            mails.AddFirst(new KeptMail(message.MessageId, wall.GetUtcNow(), message, message.Words));
            if (mails.Count > Capacity)
            {
                mails.RemoveLast();
            }
        }

        return new MailReply(MailOutcome.HandedOver, "250 2.0.0");
    }

    /// <summary>Forgets everything, as a reset does.</summary>
    public void Clear()
    {
        lock (sync)
        {
            mails.Clear();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
