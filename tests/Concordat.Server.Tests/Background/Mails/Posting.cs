using System.Globalization;
using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Background.Mails;
using Concordat.Server.Operations;
using Concordat.Server.Storage;
using Concordat.Server.Tests.Operations;

namespace Concordat.Server.Tests.Background.Mails;

/// <summary>Servers that send to a test's mail server, and mails to be sent.</summary>
internal static class Posting
{
    /// <summary>Looks often and waits shortly, so that a test does not wait for what is no part of it.</summary>
    public static readonly MailPace Quick = new() { Poll = TimeSpan.FromMilliseconds(20), LongestAway = TimeSpan.FromSeconds(1) };

    public static Task<TestServer> StartAsync(string engine, TestMailServer mail, MailPace? pace = null) =>
        TestServer.StartAsync(engine, with: options => options with { Smtp = mail.Settings, MailPace = pace ?? Quick });

    /// <summary>Confirms for a fresh customer of the partner and answers the notice's row.</summary>
    public static async Task<(CustomerId Customer, OutboxRow Notice)> ConfirmAsync(
        TestServer server, string email = "hanako@customer.example", string first = "Hanako", string partner = "aozora")
    {
        var customer = await FreshCustomers.AddAsync(server, "never", partner);
        var answer = await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation(email, first: first), partner);
        Assert.Equal(201, answer.Status);
        return (customer, Assert.Single(await RowsAsync(server, customer, partner)));
    }

    public static Task<List<OutboxRow>> RowsAsync(TestServer server, CustomerId customer, string partner = "aozora")
    {
        var id = TestServer.Partner(partner).Id;
        return server.Parts.Database.ReadAsync(id, tx => OutboxRows.OfCustomerAsync(tx, id, customer)).AsTask();
    }

    /// <summary>Queues further mails like an existing one, in one transaction per partner.</summary>
    public static async Task QueueAsync(TestServer server, OutboxRow like, int count)
    {
        var context = server.Parts.Context;
        var queue = new CraftedOperation(async tx =>
        {
            for (var i = 0; i < count; i++)
            {
                var mail = new QueuedMail(MailKind.Notice, like.Customer, like.Reference, like.Subject) { Entry = like.Entry };
                await Outbox.QueueAsync(tx, context, like.Partner, mail, context.PolicyNow(PartnerEnvironment.Production));
            }

            return "queued";
        })
        { Alone = true };
        Assert.Equal("queued", (await context.Loop.RunAsync(queue)).Value);
    }

    /// <summary>How many mails are in each state.</summary>
    public static async Task<Dictionary<string, long>> StatesAsync(TestServer server) => (await server.Parts.Database.ReadEverythingAsync(tx =>
        tx.ManyAsync("SELECT state, count(*) FROM outbox GROUP BY state", row => (State: row.Text(0), Count: row.Long(1))))).ToDictionary(row => row.State, row => row.Count);

    public static async Task<long> CountAsync(TestServer server, string state) => (await StatesAsync(server)).GetValueOrDefault(state);

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
