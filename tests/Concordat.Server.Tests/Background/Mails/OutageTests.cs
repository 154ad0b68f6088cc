using System.Diagnostics;
using System.Globalization;
using Concordat.Core.Policy;
using Concordat.Server.Background.Mails;
using Concordat.Server.Tests.Campaigns;

namespace Concordat.Server.Tests.Background.Mails;

/// <summary>The mail server is away for a working day, and partners take turns.</summary>
[Collection(TestMailServer.Collection)]
public sealed class OutageTests
{
    private static readonly string[] Partners = ["aozora", "harbor"];

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Outage_EightHours_EveryMailArrivesOnceOldestFirst(string engine)
    {
        var count = Campaign.Count(2_000, 100_000);
        await using var mail = await TestMailServer.StartAsync();
        // With the usual limits: on a busy machine a short one would put a mail off that is only slow.
        await using var server = await TestServer.StartAsync(engine, with: options => options with { Smtp = mail.Settings with { Timeouts = new() }, MailPace = Posting.Quick });
        await mail.StopAsync();
        foreach (var partner in Partners)
        {
            var (_, notice) = await Posting.ConfirmAsync(server, partner: partner);
            await Posting.QueueAsync(server, notice, (count / Partners.Length) - 1);
        }

        var queued = await Posting.CountAsync(server, "due");
        for (var halfHour = 0; halfHour < 16; halfHour++)
        {
            foreach (var environment in Enum.GetValues<PartnerEnvironment>())
            {
                await server.Clock.AdvanceAsync(environment, TimeSpan.FromMinutes(30));
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal(queued, await Posting.CountAsync(server, "due"));
        await mail.ReturnAsync();
        var seconds = await ArriveAsync(server, queued);

        Assert.Equal(queued, mail.Mails.Count);
        Assert.Equal(queued, mail.Mails.Select(one => one.MessageId).Distinct().Count());
        var rate = queued / seconds;
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{engine}: {queued} mails in {seconds:F1} s after recovery, {rate:F0}/s"));
        Assert.True(rate >= 56, $"{rate:F0} mails a second");
        await CheckOrderAsync(server, mail);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Round_OnePartnerWithMany_LetsTheOthersIn(string engine)
    {
        await using var mail = await TestMailServer.StartAsync();
        await using var server = await Posting.StartAsync(engine, mail);
        await mail.StopAsync();
        var (_, many) = await Posting.ConfirmAsync(server);
        await Posting.QueueAsync(server, many, 500);
        var (_, few) = await Posting.ConfirmAsync(server, partner: "harbor");
        await Posting.QueueAsync(server, few, 2);

        var next = await new MailRound(server.Parts.Context).NextAsync(16);

        // Half of the round for each; what the one does not use goes to the next round.
        Assert.Equal(11, next.Count);
        Assert.Equal(3, next.Count(one => one.Partner == few.Partner));
    }

    private static async Task<double> ArriveAsync(TestServer server, long queued)
    {
        var watch = Stopwatch.StartNew();
        while (await Posting.CountAsync(server, "sent") < queued)
        {
            Assert.True(watch.Elapsed.TotalSeconds < 10 + (queued / 28.0), "The mails do not arrive.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>A mail may be overtaken by those that go while its session is being opened (a tenth of a second), and by few others.</summary>
    private static async Task CheckOrderAsync(TestServer server, TestMailServer mail)
    {
        const int underWay = 150;
        var queued = await server.Parts.Database.ReadEverythingAsync(tx => tx.ManyAsync(
            "SELECT partner_id, message_id FROM outbox WHERE state = 'sent' ORDER BY created_at_unix_ms, outbox_id",
            row => (Partner: Convert.ToHexString(row.GetFieldValue<byte[]>(0)), Id: row.GetString(1))));
        foreach (var partner in queued.GroupBy(one => one.Partner))
        {
            var place = partner.Select((one, i) => (one.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);
            var arrived = mail.Mails.Where(one => place.ContainsKey(one.MessageId)).ToList();
            Assert.All(arrived.Select((one, i) => Math.Abs(place[one.MessageId] - i)), distance => Assert.InRange(distance, 0, underWay));
        }
    }
}
