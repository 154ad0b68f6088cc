using System.Text;
using Concordat.Core;
using Concordat.Server.Background.Mails.Smtp;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.Background.Mails;

/// <summary>Mails over TLS with sign-in, and everything that may keep TLS from coming about: then no word of a mail leaves in clear.</summary>
[Collection(TestMailServer.Collection)]
public sealed class MailTlsTests
{
    private const string Right = "right";
    private const string Wrong = "wrong-Geheimnis-9";
    private const string User = "courier";
    private const string Hello = "EHLO concordat.example\r\n";
    private const string Upgrade = Hello + "STARTTLS\r\n";

    /// <summary>What stands between the product and TLS; then where the log says it ended, and all that was said in clear.</summary>
    private static readonly (string Name, Action<WireTap> Break, string Log, string Clear)[] Broken =
    [
        ("not offered", tap => tap.Replace("STARTTLS", "XTLSXXXX"), "STARTTLS is not offered", Hello),
        ("withdrawn", tap => tap.Replace("220 Ready to start TLS", "454 4.7.0 not now"), "454 4.7.0 at STARTTLS", Upgrade),
        ("refused", tap => tap.Replace("220 Ready to start TLS", "502 5.5.1 what?"), "502 5.5.1 at STARTTLS", Upgrade),
        ("words slipped in", tap => tap.Replace("220 Ready to start TLS\r\n", "220 go\r\n250 AUTH PLAIN\r\n"), "words before TLS at STARTTLS", Upgrade),
        ("handshake garbled", tap => tap.Answers = bytes => bytes[0] == 0x16 ? "250 not TLS\r\n"u8.ToArray() : bytes, "at STARTTLS", Upgrade),
        ("handshake dropped", tap => tap.Answers = bytes => bytes[0] == 0x16 ? null : bytes, "at STARTTLS", Upgrade),
        ("handshake silent", tap => tap.Answers = bytes => bytes[0] == 0x16 ? [] : bytes, "no answer at STARTTLS", Upgrade),
    ];

    private static readonly (string Name, Action<MailCertificates> Write, string Log)[] BadCertificates =
    [
        ("expired", certificates => certificates.WriteExpired(), "NotTimeValid"),
        ("another name", certificates => certificates.WriteForAnotherName(), "RemoteCertificateNameMismatch"),
        ("stranger", certificates => certificates.WriteOfAStranger(), "errors in the certificate chain"),
    ];

    [Theory]
    [InlineData("auth", "PLAIN")]
    [InlineData("auth-login", "LOGIN")]
    [InlineData("no sign-in", null)]
    public async Task StartTls_TrustedCertificate_IsEncryptedBeforeSignInAndMail(string option, string? method)
    {
        using var certificates = new MailCertificates();
        certificates.WriteGood();
        await using var mail = await TestMailServer.StartAsync(["tls", option], certificates.Environment);
        await using var tap = new WireTap(() => mail.Port);
        await using var server = await StartAsync(mail, tap.Port, certificates, method is null ? null : Right);

        var (customer, _) = await Posting.ConfirmAsync(server);

        await SentAsync(server, customer);
        var taken = Assert.Single(mail.Mails);
        Assert.True(taken.Secure);
        Assert.Equal(method is null ? null : User, taken.User);
        var said = Assert.Single(tap.Said);
        Assert.Equal(Upgrade, Clear(said));
        // A record of TLS follows, and nothing readable: neither password nor mail.
        Assert.StartsWith("\x16\x03", said[Upgrade.Length..], StringComparison.Ordinal);
        Assert.DoesNotContain("AUTH", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hanako", said, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log.Lines, line => Tells(line, Right));
    }

    [Fact]
    public async Task ImplicitTls_TrustedCertificate_SaysNothingInClear()
    {
        using var certificates = new MailCertificates();
        certificates.WriteGood();
        await using var mail = await TestMailServer.StartAsync(["implicit", "auth"], certificates.Environment);
        await using var tap = new WireTap(() => mail.Port);
        await using var server = await StartAsync(mail, tap.Port, certificates, Right, SmtpTls.Implicit);

        var (customer, _) = await Posting.ConfirmAsync(server);

        await SentAsync(server, customer);
        Assert.True(Assert.Single(mail.Mails).Secure);
        Assert.Equal("", Clear(Assert.Single(tap.Said)));
    }

    [Fact]
    public async Task StartTls_NotToBeHad_NothingIsSentInClearAndTheMailWaits()
    {
        using var certificates = new MailCertificates();
        certificates.WriteGood();
        await using var mail = await TestMailServer.StartAsync(["tls", "auth"], certificates.Environment);
        await using var tap = new WireTap(() => mail.Port);
        await using var server = await StartAsync(mail, tap.Port, certificates, Right);
        foreach (var (name, breakIt, log, clear) in Broken)
        {
            var (lines, talks, taken) = (server.Log.Lines.Count, tap.Said.Count, mail.Mails.Count);
            breakIt(tap);

            var (customer, _) = await Posting.ConfirmAsync(server);
            // A session that was open before may not carry it either: it was closed.
            await Until.TrueAsync(() => tap.Said.Count >= talks + 3);

            await WaitsAsync(server, customer, name);
            Assert.Equal((name, taken), (name, mail.Mails.Count));
            Assert.Contains(server.Log.Lines.Skip(lines), line => line.StartsWith("Warning The mail server is away", StringComparison.Ordinal) && line.Contains(log, StringComparison.Ordinal));
            // The last one may be under way.
            Assert.All(tap.Said.Skip(talks).SkipLast(1), said => Assert.Equal((name, clear), (name, Clear(said))));
            tap.Answers = bytes => bytes;
            await SentAsync(server, customer);
            await Until.TrueAsync(() => mail.Mails.Count == taken + 1);
            await ClosedAsync(tap);
        }

        Assert.All(mail.Mails, one => Assert.Equal((true, User), (one.Secure, one.User)));
        Assert.DoesNotContain(server.Log.Lines, line => Tells(line, Right));
    }

    [Fact]
    public async Task StartTls_BadCertificate_NothingIsSentUntilItIsReplaced()
    {
        using var certificates = new MailCertificates();
        certificates.WriteGood();
        await using var mail = await TestMailServer.StartAsync(["tls", "auth"], certificates.Environment);
        await using var tap = new WireTap(() => mail.Port);
        await using var server = await StartAsync(mail, tap.Port, certificates, Right);
        foreach (var (name, write, log) in BadCertificates)
        {
            await RestartAsync(mail, () => write(certificates));
            var (talks, taken) = (tap.Said.Count, mail.Mails.Count);

            var (customer, _) = await Posting.ConfirmAsync(server);
            await Until.TrueAsync(() => tap.Said.Count >= talks + 3);

            await WaitsAsync(server, customer, name);
            Assert.Equal((name, taken), (name, mail.Mails.Count));
            Assert.Contains(log, server.Log.Lines.Last(line => line.StartsWith("Warning The mail server is away", StringComparison.Ordinal)), StringComparison.Ordinal);
            Assert.All(tap.Said.Skip(talks).SkipLast(1), said => Assert.Equal((name, Upgrade), (name, Clear(said))));
            await RestartAsync(mail, certificates.WriteGood);
            await SentAsync(server, customer);
        }

        Assert.All(mail.Mails, one => Assert.True(one.Secure));
    }

    [Theory]
    [InlineData("auth")]
    [InlineData("auth-login")]
    public async Task SignIn_WrongPassword_TheMailWaitsAndTheOperatorIsTold(string option)
    {
        using var certificates = new MailCertificates();
        certificates.WriteGood();
        await using var mail = await TestMailServer.StartAsync(["tls", option], certificates.Environment);
        await using var tap = new WireTap(() => mail.Port);
        await using var server = await StartAsync(mail, tap.Port, certificates, Wrong);

        var (customer, _) = await Posting.ConfirmAsync(server);
        await Until.TrueAsync(() => tap.Said.Count >= 3);

        await WaitsAsync(server, customer, option);
        Assert.Empty(mail.Mails);
        Assert.Contains(server.Log.Lines, line => line.StartsWith("Warning ", StringComparison.Ordinal) && line.Contains("535", StringComparison.Ordinal)
            && line.Contains("at AUTH: check smtpUser and smtpPasswordFile", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log.Lines, line => Tells(line, Wrong));
        Assert.All(tap.Said.SkipLast(1), said => Assert.Equal(Upgrade, Clear(said)));
    }

    private static Task<TestServer> StartAsync(TestMailServer mail, int port, MailCertificates certificates, string? password, SmtpTls tls = SmtpTls.StartTls) =>
        TestServer.StartAsync("sqlite", with: options => options with
        {
            Smtp = mail.Settings with { Port = port, Tls = tls, Trusted = certificates.Trusted, User = password is null ? null : User, Password = password },
            // One session, so that each conversation is one try; and none is kept from one case to the next.
            MailPace = Posting.Quick with { Sessions = 1, MailsPerSession = 1, Idle = TimeSpan.FromMilliseconds(50), LongestAway = TimeSpan.FromMilliseconds(100) },
        });

    private static async Task RestartAsync(TestMailServer mail, Action write)
    {
        await mail.StopAsync();
        write();
        await mail.ReturnAsync();
    }

    private static async Task SentAsync(TestServer server, CustomerId customer)
    {
        OutboxRow row = null!;
        await Until.TrueAsync(async () => (row = Assert.Single(await Posting.RowsAsync(server, customer))).State != OutboxRow.StateDue);
        Assert.Equal((OutboxRow.StateSent, "250 2.0.0"), (row.State, row.LastReply));
    }

    /// <summary>It was never offered, so no reply is its own and no try is counted.</summary>
    private static async Task WaitsAsync(TestServer server, CustomerId customer, string name)
    {
        var row = Assert.Single(await Posting.RowsAsync(server, customer));
        Assert.Equal((name, OutboxRow.StateDue, 0L, null), (name, row.State, row.Tries, row.LastReply));
    }

    /// <summary>Waits until the product has closed its session, so that the next mail needs one of its own.</summary>
    private static async Task ClosedAsync(WireTap tap) => await Until.TrueAsync(() => tap.Open == 0);

    private static string Clear(string said)
    {
        var tls = said.IndexOf("\x16\x03", StringComparison.Ordinal);
        return tls < 0 ? said : said[..tls];
    }

    // Also as AUTH would have written it.
    private static bool Tells(string line, string password) =>
        (password != Right && line.Contains(password, StringComparison.Ordinal))
        || line.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(password)), StringComparison.Ordinal)
        || line.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{User}\0{password}")), StringComparison.Ordinal);
}
