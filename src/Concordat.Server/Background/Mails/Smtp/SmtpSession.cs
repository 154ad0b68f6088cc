using System.Net.Sockets;
using Concordat.Server.Operations;

namespace Concordat.Server.Background.Mails.Smtp;

/// <summary>
/// One SMTP connection that is ready for mails. Each step has its own limit; the body is base64, so that it needs neither
/// dot stuffing nor 8BITMIME and no line of it can end a mail early.
/// </summary>
internal sealed class SmtpSession(TcpClient tcp, SmtpWire wire, SmtpTimeouts timeouts, TimeProvider wall, bool utf8, bool eightBit) : IMailSession
{
    private static readonly byte[] LastLine = ".\r\n"u8.ToArray();

    private int offered;

    public bool Usable { get; private set; } = true;

    public async Task<MailReply> OfferAsync(MimeMessage message, Func<Task> beforeLastLine, CancellationToken cancel)
    {
        if (message.NeedsUtf8 && !utf8)
        {
            return new MailReply(MailOutcome.Refused, "SMTPUTF8 is not offered");
        }

        var step = offered++ == 0 ? "MAIL" : "RSET";
        var sent = false;
        try
        {
            if (step == "RSET" && await AskAsync("RSET", cancel) is { IsGood: false } odd)
            {
                return End(odd, step);
            }

            // 8BITMIME is for headers in UTF-8 only, which SMTPUTF8 implies; everything else is 7-bit.
            var options = message.NeedsUtf8 ? eightBit ? " BODY=8BITMIME SMTPUTF8" : " SMTPUTF8" : "";
            string[] commands = [$"MAIL FROM:<{message.From}>{options}", $"RCPT TO:<{message.To}>", "DATA"];
            foreach (var command in commands)
            {
                step = command[..4];
                var reply = await AskAsync(command, cancel);
                if (!(step == "DATA" ? reply.Code == 354 : reply.Code is 250 or 251 or 252))
                {
                    return End(reply, step);
                }
            }

            step = "content";
            await WriteAsync(message.Content, cancel);
            await beforeLastLine();
            sent = true;
            return End(await FinishAsync(), "content");
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            Usable = false;
            var where = error is OperationCanceledException ? $"no answer at {step}" : $"dropped at {step}";
            return new MailReply(sent ? MailOutcome.Unanswered : MailOutcome.Later, where, Broken: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Usable)
        {
            Usable = false;
            try
            {
                await TimeLimit.RunAsync(wall, TimeSpan.FromSeconds(2), limit => wire.AskAsync("QUIT", limit), CancellationToken.None);
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                // It was polite to say; the connection ends either way.
            }
        }

        await wire.DisposeAsync();
        tcp.Dispose();
    }

    /// <summary>What a reply means for the mail; an unexpected good one (a 250 to DATA, say) is a server out of step.</summary>
    private MailReply End(SmtpReply reply, string step)
    {
        // 421 says that the server is about to close; after an odd reply nobody knows which answer belongs to what.
        Usable = reply.Code != 421 && (reply.Code >= 400 || (step == "content" && reply.Code == 250));
        return reply switch
        {
            { IsGood: true } when step == "content" => new MailReply(MailOutcome.HandedOver, reply.Codes),
            { IsGood: true } => new MailReply(MailOutcome.Later, $"{reply.Codes} at {step}", Broken: true),
            { IsTemporary: true } => new MailReply(MailOutcome.Later, reply.Codes, Broken: reply.Code == 421),
            _ => new MailReply(MailOutcome.Refused, reply.Codes),
        };
    }

    private Task<SmtpReply> AskAsync(string command, CancellationToken cancel) =>
        TimeLimit.RunAsync(wall, timeouts.Command, limit => wire.AskAsync(command, limit), cancel);

    private Task<bool> WriteAsync(byte[] content, CancellationToken cancel) => TimeLimit.RunAsync(wall, timeouts.Command, async limit =>
    {
        await wire.Stream.WriteAsync(content, limit);
        await wire.Stream.FlushAsync(limit);
        return true;
    }, cancel);

    // Not cancelled by a stop of the process: what the server answers now decides whether the mail has gone.
    private Task<SmtpReply> FinishAsync() => TimeLimit.RunAsync(wall, timeouts.Content, async limit =>
    {
        await wire.Stream.WriteAsync(LastLine, limit);
        await wire.Stream.FlushAsync(limit);
        return await wire.ReadAsync(limit);
    }, CancellationToken.None);
}
