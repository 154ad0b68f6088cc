using System.Text.Json;
using System.Text.Json.Nodes;
using Concordat.Core;
using Concordat.Server.Storage;
using Concordat.Server.Tests.SignIn;

namespace Concordat.Server.Tests.Acceptance;

/// <summary>A partner names another signatory for a record; both stay, and only the new one is written to.</summary>
public sealed class CorrectionTests(Servers servers)
{
    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Correct_ChainOfTwo_KeepsEveryRecordAndWritesToEachNewSignatory(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var link = await OwnLinks.ConfirmAsync(server, customer);
        var first = (await FactsAsync(server, customer))[0]!;
        var mailsBefore = await MailsAsync(server, customer);

        var (second, secondMail) = await CorrectAsync(server, customer, Entry(first));
        var secondLink = await OwnLinks.OfMailToAsync(server, secondMail);
        var (third, thirdMail) = await CorrectAsync(server, customer, second);
        await OwnLinks.OfMailToAsync(server, thirdMail);

        var facts = await FactsAsync(server, customer);
        Assert.Equal(["confirmed", "corrected", "corrected"], facts.Select(fact => fact!["kind"]!.GetValue<string>()));
        Assert.Single(facts.Select(fact => fact!["acceptedAt"]!.GetValue<string>()).Distinct());
        Assert.Equal(3, (await server.SendAsync("GET", $"/v1/customers/{customer}/agreements?agreementType=MicrosoftCustomerAgreement")).Json["totalCount"]!.GetValue<int>());
        Assert.Equal(mailsBefore + 2, await MailsAsync(server, customer));
        Assert.Equal([Entry(first)], await CorrectsAsync(server, second));
        Assert.Equal([second], await CorrectsAsync(server, third));
        using var browser = new Browser(server);
        Assert.Contains("This record was corrected", (await browser.GetAsync(link + "?lang=en")).Body, StringComparison.Ordinal);
        Assert.Contains("This record was corrected", (await browser.GetAsync(secondLink + "?lang=en")).Body, StringComparison.Ordinal);
        // What was corrected cannot be corrected again, and the order goes by what counts now.
        Assert.Equal(409, (await SendAsync(server, customer, Body(second))).Status);
        Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order())).Status);
        var cited = await server.Parts.Database.ReadEverythingAsync(tx =>
            tx.OneAsync("SELECT entry_id FROM orders WHERE customer_id = $1 ORDER BY created_at_unix_ms DESC LIMIT 1", row => (object)row.Id(0), customer.Value));
        Assert.Equal(third, (Guid)cited!);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Correct_ADisputedRecord_SettlesTheDispute(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var link = await OwnLinks.ConfirmAsync(server, customer);
        using var browser = new Browser(server);
        await browser.PostAsync(link, new Dictionary<string, string> { ["confirm"] = "yes" });

        await CorrectAsync(server, customer, Entry((await FactsAsync(server, customer))[0]!));

        var standing = await server.SendAsync("GET", $"/api/customers/{customer}/standing");
        Assert.Equal("attested", standing.Json["standing"]!.GetValue<string>());
        var dispute = (await server.SendAsync("GET", $"/api/customers/{customer}/disputes")).Json["items"]![0]!;
        Assert.Equal("corrected", dispute["state"]!.GetValue<string>());
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Correct_WhatCannotBe_IsRefusedAndStoresNothing(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "attested-current");
        var entry = Entry((await FactsAsync(server, customer))[0]!);
        var before = (await FactsAsync(server, customer)).Count;
        var same = FreshCustomers.Signatory;

        Assert.Equal(404, (await SendAsync(server, customer, Body(Guid.NewGuid()))).Status);
        Assert.Equal(409, (await SendAsync(server, customer, Body(entry, same.Email, same.FirstName, same.LastName))).Status);
        Assert.Equal(400, (await SendAsync(server, customer, Body(entry, "nobody"))).Status);
        Assert.Equal(400, (await SendAsync(server, customer, """{"firstName":"A","lastName":"B","email":"a@b.example"}""")).Status);
        Assert.Equal(404, (await SendAsync(server, customer, Body(entry), "harbor")).Status);
        Assert.Equal(403, (await SendAsync(server, customer, Body(entry), who: "helpdesk")).Status);
        Assert.Equal(before, (await FactsAsync(server, customer)).Count);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Correct_SameRequestIdAgain_IsOneCorrection(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "attested-current");
        var body = Body(Entry((await FactsAsync(server, customer))[0]!));
        var id = Guid.NewGuid().ToString();

        var one = await server.SendAsync("POST", $"/api/customers/{customer}/corrections", body, headers: ("MS-RequestId", id));
        var two = await server.SendAsync("POST", $"/api/customers/{customer}/corrections", body, headers: ("MS-RequestId", id));

        Assert.Equal((201, 201, one.Body), (one.Status, two.Status, two.Body));
        Assert.Equal(2, (await FactsAsync(server, customer)).Count);
    }

    private static async Task<(Guid Entry, string Email)> CorrectAsync(TestServer server, CustomerId customer, Guid corrects)
    {
        var email = $"s{Guid.NewGuid():N}@customer.example";
        var answer = await SendAsync(server, customer, Body(corrects, email));
        Assert.Equal(201, answer.Status);
        return (answer.Json["entry"]!.GetValue<Guid>(), email);
    }

    private static Task<Answer> SendAsync(TestServer server, CustomerId customer, string body, string partner = "aozora", string who = "admin") =>
        server.SendAsync("POST", $"/api/customers/{customer}/corrections", body, partner, who);

    private static string Body(Guid corrects, string email = "taro@customer.example", string first = "Taro", string last = "Suzuki") =>
        $$"""{"corrects":"{{corrects}}","firstName":"{{first}}","lastName":"{{last}}","email":"{{email}}"}""";

    private static async Task<JsonArray> FactsAsync(TestServer server, CustomerId customer) =>
        (await server.SendAsync("GET", $"/api/customers/{customer}/standing")).Json["facts"]!.AsArray();

    private static Guid Entry(JsonNode fact) => fact["entry"]!.GetValue<Guid>();

    private static async Task<long> MailsAsync(TestServer server, CustomerId customer) => (long)(await server.Parts.Database.ReadEverythingAsync(tx =>
        tx.OneAsync("SELECT COUNT(*) FROM outbox WHERE customer_id = $1 AND kind = 'notice'", row => (object)row.Long(0), customer.Value)))!;

    private static async Task<List<Guid>> CorrectsAsync(TestServer server, Guid entry)
    {
        var bytes = await server.Parts.Database.ReadSharedAsync(tx => LedgerRows.EntryAsync(tx, new EntryId(entry)));
        using var json = JsonDocument.Parse(bytes!);
        Assert.Equal("attestation.corrected", json.RootElement.GetProperty("kind").GetString());
        return [.. json.RootElement.GetProperty("rel").EnumerateArray().Where(relation => relation.GetProperty("kind").GetString() == "corrects")
            .Select(relation => relation.GetProperty("id").GetGuid())];
    }
}
