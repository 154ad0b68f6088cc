using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Background.Mails;

/// <summary>
/// One mail from its claim to the durable note of what became of it. Between a mail's last line and that note only
/// <see cref="MailPace.Unconfirmed"/> mails are under way in this process, as a kill doubles exactly those.
/// </summary>
internal sealed class MailHandOver(
    OperationContext context, IMailServer server, string publicUrl, MailPace pace, ServerWatch watch, ILogger<Courier> log) : IDisposable
{
    private static readonly TimeSpan NotePause = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim unconfirmed = new(pace.Unconfirmed);

    public IMailServer Server { get; } = server;

    public void Dispose() => unconfirmed.Dispose();

    /// <summary>Offers the mail, or gives it back when there is no server to offer it to.</summary>
    public async Task CarryAsync(ClaimedMail mail, SessionHolder session, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested || watch.Wait > TimeSpan.Zero)
        {
            await ReleaseAsync(mail);
            return;
        }

        if (mail.Until - context.Clocks.Wall.GetUtcNow() < pace.Needed)
        {
            // Somebody else may have it soon; beginning now could make two copies.
            await ReleaseAsync(mail);
            return;
        }

        var partner = (await context.Database.ReadAsync(mail.Row.Partner, tx => PartnerRows.FindAsync(tx, mail.Row.Partner)))!;
        var (message, reply) = await ComposeAsync(mail, partner);
        if (message is null)
        {
            await NoteAsync(mail, partner, reply!);
            return;
        }

        await OfferAsync(mail, partner, message, session, stopping);
    }

    private async Task<(MimeMessage? Message, MailReply? Reply)> ComposeAsync(ClaimedMail mail, PartnerRow partner)
    {
        try
        {
            var composed = await Composers.ComposeAsync(new MailComposition(context, mail, partner, publicUrl));
            if (composed is null)
            {
                return (null, new MailReply(MailOutcome.NotWanted, "not wanted"));
            }

            var message = MimeMessage.TryWrite(composed, Server.From, mail.Row.MessageId!, context.Clocks.Wall.GetUtcNow());
            return (message, message is null ? new MailReply(MailOutcome.Refused, "cannot be a mail") : null);
        }
        catch (NotSupportedException)
        {
            // A newer node has queued it, and a newer node will send it.
            return (null, new MailReply(MailOutcome.Later, "unknown kind"));
        }
        catch (Exception error) when (error is KeyNotFoundException or System.Security.Cryptography.CryptographicException)
        {
            LogEvents.MailNotComposed(log, error, mail.Row.Id);
            return (null, new MailReply(MailOutcome.Refused, "cannot be composed"));
        }
    }

    private async Task OfferAsync(ClaimedMail mail, PartnerRow partner, MimeMessage message, SessionHolder holder, CancellationToken stopping)
    {
        IMailSession session;
        try
        {
            session = await holder.GetAsync(stopping);
        }
        catch (Exception error) when (error is MailServerAwayException or OperationCanceledException)
        {
            if (error is MailServerAwayException && watch.Failed())
            {
                LogEvents.MailServerAway(log, error.Message);
            }

            await ReleaseAsync(mail);
            return;
        }

        var entered = false;
        try
        {
            var reply = await session.OfferAsync(message, async () =>
            {
                await unconfirmed.WaitAsync(stopping);
                entered = true;
            }, stopping);
            Learn(reply);
            if (stopping.IsCancellationRequested && reply is { Outcome: MailOutcome.Later, Broken: true })
            {
                // We hung up, not the server.
                await ReleaseAsync(mail);
                return;
            }

            await NoteAsync(mail, partner, reply);
        }
        finally
        {
            if (entered)
            {
                unconfirmed.Release();
            }
        }
    }

    private void Learn(MailReply reply)
    {
        if (!reply.Broken)
        {
            if (watch.Away)
            {
                LogEvents.MailServerBack(log);
            }

            watch.Answered();
        }
        else if (watch.Broke())
        {
            LogEvents.MailServerAway(log, reply.Codes);
        }
    }

    /// <summary>Does not give up: a mail that went out and is not noted would go out again.</summary>
    private async Task NoteAsync(ClaimedMail mail, PartnerRow partner, MailReply reply)
    {
        var row = mail.Row;
        var environment = partner.Environment == "sandbox" ? PartnerEnvironment.Sandbox : PartnerEnvironment.Production;
        while (true)
        {
            var now = context.PolicyNow(environment);
            DateTimeOffset? next = now > row.Due + pace.GiveUpAfter ? null : now + MailPace.PauseAfter(row.Tries, context.Ids);
            try
            {
                if ((await context.Loop.RunAsync(new RecordDelivery(context, row, reply.Outcome, reply.Codes, next))).Problem is null)
                {
                    break;
                }
            }
            catch (System.Data.Common.DbException error) when (mail.Until > context.Clocks.Wall.GetUtcNow())
            {
                LogEvents.MailNotNoted(log, error, row.Id);
            }

            if (!context.Loop.Alive)
            {
                return;
            }

            await Task.Delay(NotePause, context.Clocks.Wall);
        }

        LogEvents.MailOffered(log, row.Id, reply.Outcome, reply.Codes);
    }

    private async Task ReleaseAsync(ClaimedMail mail) => _ = await context.Loop.RunAsync(new ReleaseMail(mail.Id));
}
