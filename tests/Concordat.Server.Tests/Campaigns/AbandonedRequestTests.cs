using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Concordat.Core;

namespace Concordat.Server.Tests.Campaigns;

/// <summary>Clients that go away between sending and the answer, and come back with the same request id.</summary>
public sealed class AbandonedRequestTests
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Request_ConnectionCutBeforeTheAnswer_RepeatingItHasOneEffect(string engine)
    {
        var random = Campaign.NewRandom();
        await using var server = await TestServer.StartAsync(engine);
        var customers = await Customers.AddAsync(server.Parts, Campaign.Count(100, 1000));
        var done = 0;
        var delays = customers.Select(_ => (Confirm: random.Next(0, 3), Order: random.Next(0, 3))).ToArray();
        await Parallel.ForEachAsync(customers.Index(), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (item, _) =>
        {
            var (index, customer) = item;
            var path = $"/v1/customers/{customer}";
            var (confirmId, orderId) = (Guid.NewGuid().ToString("D"), Guid.NewGuid().ToString("D"));
            var confirmation = server.Confirmation();
            Task<Answer> Confirm() => server.SendAsync("POST", $"{path}/agreements", confirmation, headers: ("MS-RequestId", confirmId));
            Task<Answer> Order() => server.SendAsync("POST", $"{path}/orders", TestServer.Order(), headers: ("MS-RequestId", orderId));
            await CutAsync(server, $"{path}/agreements", confirmation, confirmId, delays[index].Confirm);
            var confirmed = await Twins.SettleAsync(await Confirm(), Confirm);
            await CutAsync(server, $"{path}/orders", TestServer.Order(), orderId, delays[index].Order);
            Interlocked.Add(ref done, await OrdersAsync(server, customer));
            var ordered = await Twins.SettleAsync(await Order(), Order);

            Assert.Equal((201, 201), (confirmed.Status, ordered.Status));
        });

        var facts = await OrderEvidence.FactsAsync(server.Parts);
        var orders = await OrderEvidence.CheckAsync(server.Parts, customers);
        Assert.All(customers, customer => Assert.Equal((1, 1), (facts[customer], orders[customer].Count())));
        // Some of the cut requests must have had their effect before they were repeated, else this shows nothing.
        Assert.True(done > 0);
        await Invariants.CheckAsync(server.Parts);
    }

    private static Task<int> OrdersAsync(TestServer server, CustomerId customer) => server.Parts.Database.ReadEverythingAsync(async tx =>
        (await tx.ManyAsync("SELECT 1 FROM orders WHERE customer_id = $1", row => 1, customer.Value)).Count).AsTask();

    /// <summary>Sends a whole request and resets the connection without reading.</summary>
    private static async Task CutAsync(TestServer server, string path, string body, string requestId, int afterMs)
    {
        var address = new Uri(server.BaseUrl);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0), NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        var content = Encoding.UTF8.GetBytes(body);
        var head = string.Create(CultureInfo.InvariantCulture, $"""
            POST {path} HTTP/1.1
            Host: {address.Authority}
            Authorization: Bearer {server.Token("aozora", "admin")}
            MS-RequestId: {requestId}
            Content-Type: application/json
            Content-Length: {content.Length}
            """).ReplaceLineEndings("\r\n") + "\r\n\r\n";
        await socket.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. content]);
        await Task.Delay(afterMs);
    }
}
