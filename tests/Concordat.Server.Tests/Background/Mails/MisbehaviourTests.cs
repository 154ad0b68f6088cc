using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.Background.Mails;

/// <summary>What mail servers do to mails, and where each mail ends .</summary>
[Collection(TestMailServer.Collection)]
public sealed class MisbehaviourTests
{
    /// <summary>Mode of the server, how often, then: state, copies taken, offers noted, last reply.</summary>
    private static readonly (string Mode, int Times, string State, int Copies, int Tries, string Reply)[] Cases =
    [
        ("", 0, "sent", 1, 1, "250 2.0.0"),
        ("banner-421", 1, "sent", 1, 1, "250 2.0.0"),
        ("banner-554", 2, "sent", 1, 1, "250 2.0.0"),
        ("banner-slow", 1, "sent", 1, 1, "250 2.0.0"),
        ("banner-silent", 1, "sent", 1, 1, "250 2.0.0"),
        ("drop-connect", 1, "sent", 1, 1, "250 2.0.0"),
        ("split", 0, "sent", 1, 1, "250 2.0.0"),
        ("mail-421", 1, "sent", 1, 2, "250 2.0.0"),
        ("mail-450", 1, "sent", 1, 2, "250 2.0.0"),
        ("mail-451", 1, "sent", 1, 2, "250 2.0.0"),
        ("mail-452", 1, "sent", 1, 2, "250 2.0.0"),
        ("mail-550", 1, "failed", 0, 1, "550 5.7.1"),
        ("mail-552", 1, "failed", 0, 1, "552 5.7.1"),
        ("mail-554", 1, "failed", 0, 1, "554 5.7.1"),
        ("rcpt-421", 1, "sent", 1, 2, "250 2.0.0"),
        ("rcpt-450", 4, "sent", 1, 5, "250 2.0.0"),
        ("rcpt-451", 1, "sent", 1, 2, "250 2.0.0"),
        ("rcpt-452", 1, "sent", 1, 2, "250 2.0.0"),
        ("rcpt-550", 1, "failed", 0, 1, "550 5.7.1"),
        ("rcpt-552", 1, "failed", 0, 1, "552 5.7.1"),
        ("rcpt-554", 1, "failed", 0, 1, "554 5.7.1"),
        ("end-421", 1, "sent", 1, 2, "250 2.0.0"),
        ("end-450", 1, "sent", 1, 2, "250 2.0.0"),
        ("end-451", 1, "sent", 1, 2, "250 2.0.0"),
        ("end-452", 1, "sent", 1, 2, "250 2.0.0"),
        ("end-550", 1, "failed", 0, 1, "550 5.7.1"),
        ("end-552", 1, "failed", 0, 1, "552 5.7.1"),
        ("end-554", 1, "failed", 0, 1, "554 5.7.1"),
        ("drop-mail", 1, "sent", 1, 2, "250 2.0.0"),
        ("drop-rcpt", 1, "sent", 1, 2, "250 2.0.0"),
        ("drop-data", 1, "sent", 1, 2, "250 2.0.0"),
        ("drop-end", 1, "sent", 2, 2, "250 2.0.0"),
        ("drop-end", 2, "failed", 2, 2, "dropped at content"),
        ("silent-mail", 1, "sent", 1, 2, "250 2.0.0"),
        ("silent-rcpt", 1, "sent", 1, 2, "250 2.0.0"),
        ("silent-end", 1, "sent", 2, 2, "250 2.0.0"),
        ("garbled-mail", 1, "sent", 1, 2, "250 2.0.0"),
    ];

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Mail_EachMisbehaviour_EndsInTheRightState(string engine)
    {
        await using var mail = await TestMailServer.StartAsync();
        await using var server = await Posting.StartAsync(engine, mail);
        foreach (var (mode, times, state, copies, tries, reply) in Cases)
        {
            await mail.TellAsync(mode, times);
            var before = mail.Mails.Count;

            var (customer, _) = await Posting.ConfirmAsync(server);
            var row = await EndAsync(server, customer);

            Assert.Equal((mode, state, Posting.Number(tries), reply), (mode, row.State, Posting.Number(row.Tries), row.LastReply));
            var taken = mail.Mails.Skip(before).ToList();
            Assert.Equal((mode, copies), (mode, taken.Count));
            Assert.All(taken, copy => Assert.Equal(row.MessageId, copy.MessageId));
            Assert.Equal(tries, await AttemptsAsync(server, customer));
        }

        Assert.DoesNotContain(server.Log.Lines, line => line.Contains("hanako", StringComparison.OrdinalIgnoreCase) || line.Contains("Sato", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mail_Utf8AddressAndServerWithoutSmtpUtf8_IsRefusedForGood()
    {
        await using var mail = await TestMailServer.StartAsync("no-utf8");
        await using var server = await Posting.StartAsync("sqlite", mail);

        var (foreign, _) = await Posting.ConfirmAsync(server, "花子@customer.example");
        var (domain, _) = await Posting.ConfirmAsync(server, "hanako@お客様.example");

        var refused = await EndAsync(server, foreign);
        Assert.Equal(("failed", "SMTPUTF8 is not offered"), (refused.State, refused.LastReply));
        Assert.Equal("sent", (await EndAsync(server, domain)).State);
        // The server shows what it understood; the header is what went over the wire.
        Assert.StartsWith("Hanako Sato <hanako@xn--", Assert.Single(mail.Mails).Header("To"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_Utf8AddressAndServerWithSmtpUtf8_IsHandedOver()
    {
        await using var mail = await TestMailServer.StartAsync();
        await using var server = await Posting.StartAsync("sqlite", mail);

        var (customer, _) = await Posting.ConfirmAsync(server, "花子@customer.example");

        Assert.Equal("sent", (await EndAsync(server, customer)).State);
        Assert.Equal("花子@customer.example", Assert.Single(mail.Mails).To);
    }

    /// <summary>Lets the policy clock run ahead until the mail has ended, as back-off goes by it.</summary>
    private static async Task<OutboxRow> EndAsync(TestServer server, CustomerId customer)
    {
        OutboxRow row = null!;
        await Until.TrueAsync(async () =>
        {
            row = Assert.Single(await Posting.RowsAsync(server, customer));
            if (row.State == OutboxRow.StateDue && row.Next > server.Parts.Context.PolicyNow(PartnerEnvironment.Production))
            {
                await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromMinutes(5));
            }

            return row.State != OutboxRow.StateDue;
        });
        return row;
    }

    private static async Task<int> AttemptsAsync(TestServer server, CustomerId customer)
    {
        var id = TestServer.Partner("aozora").Id;
        return (await server.Parts.Database.ReadAsync(id, tx => MailAttemptRows.OfCustomerAsync(tx, id, customer))).Count;
    }
}
