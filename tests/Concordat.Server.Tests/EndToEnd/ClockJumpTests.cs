using System.Text.Json.Nodes;
using Concordat.Core;

namespace Concordat.Server.Tests.EndToEnd;

/// <summary>
/// The story that the product exists for, moved by the sandbox's clock alone: an old attestation serves until the day of
/// the cut-off, is refused from that instant on, and an acceptance opens the gate at once.
/// </summary>
public sealed class ClockJumpTests
{
    private static readonly DateTimeOffset CutOff = new(2025, 10, 7, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Clock_AcrossTheCutOff_RefusesTheOldAttestationUntilSomebodyAccepts(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await ClockAsync(server, $$"""{"set":"{{CutOff.AddHours(-1):O}}"}""");
        var (attested, direct) = (TestServer.Customer("attested-stale"), await FreshCustomers.AddAsync(server, "attested-stale"));

        Assert.Equal(201, await OrderAsync(server, attested));
        Assert.Equal(201, await OrderAsync(server, direct));
        await ClockAsync(server, """{"advance":"PT1H"}""");
        foreach (var customer in (CustomerId[])[attested, direct])
        {
            var refused = await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order());
            Assert.Equal((403, 900428), (refused.Status, refused.Json["code"]!.GetValue<int>()));
        }

        var attestation = await FreshAttestations.AddAsync(server, "accepted");
        Assert.Equal(403, await OrderAsync(server, attested));
        Assert.Equal(201, (await server.SendAsync(
            "POST", $"/v1/customers/{attested}/agreements", $$"""{"attestationId":"{{attestation}}"}""", who: "app")).Status);
        Assert.Equal(201, await OrderAsync(server, attested));

        await FreshCustomers.AcceptDirectlyAsync(server, direct);
        Assert.Equal(201, await OrderAsync(server, direct));
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Clock_29MinutesAfterAConfirmation_NoFurtherMailIsDue(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var email = $"signer-{engine}@clock.example";
        var customer = await FreshCustomers.AddAsync(server, "never");
        await ClockAsync(server, """{"set":"2025-12-01T00:00:00Z"}""");
        Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation(email))).Status);
        await Until.TrueAsync(async () => (await MailsToAsync(server, email)).Count == 1);

        await ClockAsync(server, """{"advance":"PT29M"}""");
        Assert.Equal(0, await StoredRows.DueMailsAsync(server.Parts));

        Assert.Single(await MailsToAsync(server, email));
        await ClockAsync(server, """{"advance":"P1D"}""");
        Assert.Equal(0, await StoredRows.DueMailsAsync(server.Parts));
        Assert.Single(await MailsToAsync(server, email));
    }

    private static async Task<int> OrderAsync(TestServer server, CustomerId customer) =>
        (await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order())).Status;

    private static async Task ClockAsync(TestServer server, string body) =>
        Assert.Equal(200, (await server.SendAsync("POST", "/sandbox/clock", body)).Status);

    private static async Task<List<JsonNode?>> MailsToAsync(TestServer server, string email) =>
        [.. (await server.SendAsync("GET", "/sandbox/mails")).Json["mails"]!.AsArray().Where(mail => mail!["to"]!.GetValue<string>() == email)];
}
