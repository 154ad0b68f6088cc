using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Concordat.Server.Background.Mails.Smtp;

/// <summary>
/// A mail server by SMTP (RFC 5321): opens connections, encrypts and signs in. What it cannot do here is nobody's mail's
/// fault, so it throws <see cref="MailServerAwayException"/> for everything, wrong passwords included.
/// </summary>
internal sealed class SmtpServer(SmtpSettings settings, TimeProvider wall) : IMailServer
{
    public string From => settings.From;

    public async Task<IMailSession> OpenAsync(CancellationToken cancel)
    {
        var step = "connect";
        TcpClient? tcp = null;
        try
        {
            tcp = new TcpClient { NoDelay = true };
            await LimitedAsync(settings.Timeouts.Connect, limit => tcp.ConnectAsync(settings.Host, settings.Port, limit).AsTask(), cancel);
            Stream stream = tcp.GetStream();
            if (settings.Tls == SmtpTls.Implicit)
            {
                step = "TLS";
                stream = await EncryptAsync(stream, cancel);
            }

            var wire = new SmtpWire(stream);
            step = "banner";
            Need(220, await LimitedAsync(settings.Timeouts.Banner, wire.ReadAsync, cancel), step);
            step = "EHLO";
            var offers = await GreetAsync(wire, cancel);
            if (settings.Tls == SmtpTls.StartTls)
            {
                step = "STARTTLS";
                (wire, offers) = await StartTlsAsync(wire, offers, cancel);
            }

            step = "AUTH";
            await SignInAsync(wire, offers, cancel);
            return new SmtpSession(tcp, wire, settings.Timeouts, wall, utf8: offers.Contains("SMTPUTF8"), eightBit: offers.Contains("8BITMIME"));
        }
        catch (Exception error) when (error is IOException or SocketException or AuthenticationException or OperationCanceledException or MailServerAwayException)
        {
            tcp?.Dispose();
            cancel.ThrowIfCancellationRequested();
            throw error as MailServerAwayException ?? new MailServerAwayException(error switch
            {
                OperationCanceledException => $"no answer at {step}",
                // Says what is wrong with the certificate, and nothing that the server said.
                AuthenticationException => $"no TLS at {step}: {error.Message}",
                _ => $"failed at {step}",
            });
        }
    }

    private async Task<HashSet<string>> GreetAsync(SmtpWire wire, CancellationToken cancel)
    {
        var reply = await AskAsync(wire, $"EHLO {MailAddresses.DomainOf(settings.From)}", cancel);
        Need(250, reply, "EHLO");
        return reply.Lines.Skip(1).Select(line => line.Split(' ', 2)[0].ToUpperInvariant())
            .Concat(reply.Lines.Skip(1).Where(line => line.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase))
                .SelectMany(line => line.Split([' ', '=']).Skip(1).Select(word => $"AUTH {word.ToUpperInvariant()}")))
            .ToHashSet(StringComparer.Ordinal);
    }

    private async Task<(SmtpWire Wire, HashSet<string> Offers)> StartTlsAsync(SmtpWire plain, HashSet<string> offers, CancellationToken cancel)
    {
        if (!offers.Contains("STARTTLS"))
        {
            throw new MailServerAwayException("STARTTLS is not offered");
        }

        Need(220, await AskAsync(plain, "STARTTLS", cancel), "STARTTLS");
        if (plain.HasUnread)
        {
            throw new MailServerAwayException("words before TLS at STARTTLS");
        }

        var wire = new SmtpWire(await EncryptAsync(plain.Stream, cancel));
        // What was said in clear counts for nothing any more.
        return (wire, await GreetAsync(wire, cancel));
    }

    private async Task<Stream> EncryptAsync(Stream stream, CancellationToken cancel)
    {
        var tls = new SslStream(stream);
        var options = new SslClientAuthenticationOptions { TargetHost = settings.Host };
        if (settings.Trusted is { } trusted)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        await LimitedAsync(settings.Timeouts.Command, limit => tls.AuthenticateAsClientAsync(options, limit), cancel);
        return tls;
    }

    private async Task SignInAsync(SmtpWire wire, HashSet<string> offers, CancellationToken cancel)
    {
        if (settings.User is not { } user)
        {
            return;
        }

        if (offers.Contains("AUTH PLAIN"))
        {
            Need(235, await AskAsync(wire, $"AUTH PLAIN {Base64($"\0{user}\0{settings.Password}")}", cancel), "AUTH");
        }
        else if (offers.Contains("AUTH LOGIN"))
        {
            Need(334, await AskAsync(wire, "AUTH LOGIN", cancel), "AUTH");
            Need(334, await AskAsync(wire, Base64(user), cancel), "AUTH");
            Need(235, await AskAsync(wire, Base64(settings.Password ?? ""), cancel), "AUTH");
        }
        else
        {
            throw new MailServerAwayException("AUTH is not offered");
        }
    }

    private Task<SmtpReply> AskAsync(SmtpWire wire, string command, CancellationToken cancel) =>
        LimitedAsync(settings.Timeouts.Command, limit => wire.AskAsync(command, limit), cancel);

    private Task<T> LimitedAsync<T>(TimeSpan time, Func<CancellationToken, Task<T>> step, CancellationToken cancel) =>
        TimeLimit.RunAsync(wall, time, step, cancel);

    private Task<bool> LimitedAsync(TimeSpan time, Func<CancellationToken, Task> step, CancellationToken cancel) => TimeLimit.RunAsync(
        wall, time, async limit =>
        {
            await step(limit);
            return true;
        }, cancel);

    private static void Need(int code, SmtpReply reply, string step)
    {
        if (reply.Code != code)
        {
            // 535 says that it is not the server but what we were told of it.
            throw new MailServerAwayException($"{reply.Codes} at {step}{(reply.Code == 535 ? ": check smtpUser and smtpPasswordFile" : "")}");
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
