using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Concordat.Server.Background.Mails;
using Concordat.Server.Background.Mails.Smtp;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Operations;
using Concordat.Server.Tests.Campaigns;

namespace Concordat.Server.Tests.Background.Mails;

/// <summary>Names and addresses that try to become headers, mails or script. Python's own e-mail package says what arrived.</summary>
[Collection(TestMailServer.Collection)]
public sealed class HostileMailTests
{
    private const int Mails = 10_000;
    private const int Sessions = 8;

    private static readonly string[] HeadersOfEveryMail =
    [
        "Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language", "MIME-Version", "Content-Type",
    ];

    private static readonly string[] Pieces =
    [
        "\r\nBcc: spy@evil.example", "\n.\n", "\r\n.\r\nMAIL FROM:<evil@evil.example>", "\0", "\u0085", "\u2028Subject: x", "\u202Etxt.exe", "=?utf-8?B?QmNjOg==?=",
        "=?iso-8859-1?q?=0D=0ABcc:_x?=", "=HYPERLINK(\"http://evil.example\")", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "\"quoted\\\"", "a@b.example,", "(comment)",
        "<x@evil.example>", "; drop", "Sato", "花子", "👩‍👩‍👧", "é̂̃", "𠮷野家", "  two  blanks ", "\t", new string('x', 300), ".", "..", ":", "undisclosed: ;", "％０Ｄ％０Ａ",
    ];

    [Fact]
    public async Task Mail_TenThousandHostileNames_HeadersAreExactlyTheExpectedOnes()
    {
        var random = Campaign.NewRandom();
        await using var server = await TestMailServer.StartAsync();
        var made = Enumerable.Range(0, Mails).Select(i => Make(random, i)).ToList();
        var sent = made.Where(one => one.Message is not null).ToDictionary(one => one.Message!.MessageId, one => one.Mail);
        Assert.All(made, one => Assert.Equal(HeaderText.IsClean(one.Mail.Name!) && MailAddresses.ForServers(one.Mail.Address) is not null, one.Message is not null));
        // Both kinds are really there.
        Assert.InRange(sent.Count, Mails / 10, Mails * 9 / 10);

        await SendAsync(server, [.. made.Where(one => one.Message is not null).Select(one => one.Message!)]);

        await Until.TrueAsync(() => server.Mails.Count == sent.Count);
        var readings = await ReadAsync(server.Mails);
        Assert.Equal(sent.Count, readings.Count);
        foreach (var reading in readings)
        {
            var mail = sent[reading["id"]!.GetValue<string>()];
            Assert.Equal(HeadersOfEveryMail, reading["names"]!.AsArray().Select(name => name!.GetValue<string>()));
            // Python keeps the blank at which a long name is folded, and joins blanks of its own.
            Assert.Equal(WithoutBlanks(mail.Name!), WithoutBlanks(reading["name"]!.GetValue<string>()));
            Assert.Equal(MailAddresses.ForServers(mail.Address), reading["address"]!.GetValue<string>());
            Assert.Equal(mail.Text.ReplaceLineEndings("\n"), reading["text"]!.GetValue<string>().ReplaceLineEndings("\n"));
            Assert.Equal(0, reading["markup"]!.GetValue<int>());
        }
    }

    private static string WithoutBlanks(string text) => text.Replace(" ", "", StringComparison.Ordinal);

    private static (ComposedMail Mail, MimeMessage? Message) Make(Random random, int number)
    {
        var name = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        var local = random.Next(3) == 0 ? Pieces[random.Next(Pieces.Length)] : string.Create(CultureInfo.InvariantCulture, $"x{number}+{{a}}'=b?");
        MailBlock[] blocks = [new MailBlock.Paragraph(name), new MailBlock.Fact(name, name), new MailBlock.Link("link", "https://x.example/" + name), new MailBlock.Code(name)];
        var mail = MailComposition.Write(Texts.Of("ja"), local + "@customer.example", name, "On record [1]", blocks);
        var id = string.Create(CultureInfo.InvariantCulture, $"{number:x32}@concordat.example");
        return (mail, MimeMessage.TryWrite(mail, "notices@concordat.example", id, new DateTimeOffset(2026, 11, 21, 3, 4, 5, TimeSpan.Zero)));
    }

    private static async Task SendAsync(TestMailServer server, IReadOnlyList<MimeMessage> messages)
    {
        var settings = server.Settings with { Timeouts = new SmtpTimeouts() };
        var smtp = new SmtpServer(settings, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(async part =>
        {
            await using var session = await smtp.OpenAsync(CancellationToken.None);
            for (var i = part; i < messages.Count; i += Sessions)
            {
                var reply = await session.OfferAsync(messages[i], () => Task.CompletedTask, CancellationToken.None);
                Assert.Equal((MailOutcome.HandedOver, "250 2.0.0"), (reply.Outcome, reply.Codes));
            }
        }));
    }

    private static async Task<List<JsonNode>> ReadAsync(IReadOnlyList<TakenMail> mails)
    {
        var script = Path.Combine(GoldenFolder.Path, "..", "node", "read-mails.py");
        using var python = Process.Start(new ProcessStartInfo("python3", [script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var reading = python.StandardOutput.ReadToEndAsync();
        foreach (var mail in mails)
        {
            await python.StandardInput.WriteLineAsync(Convert.ToBase64String(mail.Raw));
        }

        python.StandardInput.Close();
        var lines = (await reading).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await python.WaitForExitAsync();
        Assert.Equal(0, python.ExitCode);
        return [.. lines.Select(line => JsonNode.Parse(line)!)];
    }
}
