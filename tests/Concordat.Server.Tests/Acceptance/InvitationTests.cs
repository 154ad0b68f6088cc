using System.Text.Json.Nodes;
using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Acceptance;
using Concordat.Server.Operations;

namespace Concordat.Server.Tests.Acceptance;

/// <summary>Partners ask customers to accept directly, by our mail or by a text of their own, and see what became of it.</summary>
public sealed class InvitationTests(Servers servers)
{
    private const string Page = DirectModel.Path + "?ref=" + DirectModel.Reference;

    public static TheoryData<string> Engines => Servers.Engines;

    [Fact]
    public void Link_OfInvitations_IsThePage() => Assert.Equal(Page, InvitationText.Path);

    [Theory]
    [InlineData("sqlite", "ja", "同意のお願い")]
    [InlineData("postgres", "en", "Please accept")]
    public async Task Invite_ByMail_IsTrackedFromSentToAccepted(string engine, string language, string words)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var email = $"o{Guid.NewGuid():N}@customer.example";
        var made = await InviteAsync(server, customer, $$$"""{"recipient":{"firstName":"Taro","lastName":"Suzuki","email":"{{{email}}}"},"language":"{{{language}}}","remindAfterDays":7}""");

        Assert.Equal((201, "never", "due"), (made.Status, made.Json["reason"]!.GetValue<string>(), made.Json["reminder"]!.GetValue<string>()));
        var mail = await MailAsync(server, email);
        Assert.Contains(words, mail["subject"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(server.BaseUrl + InvitationText.Path, mail["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Parts.FirstPasswords.Of(customer), mail["text"]!.GetValue<string>(), StringComparison.Ordinal);
        await Until.TrueAsync(async () => (await OneAsync(server, customer))["delivery"]!.GetValue<string>() == "sent");

        // Reading the page opens nothing; the page's own POST does.
        using var browser = await CustomerPeople.OfCustomerAsync(server, customer);
        var page = await browser.GetAsync(Page);
        Assert.Null((await OneAsync(server, customer))["openedAt"]);
        Assert.Equal(403, (await browser.PostAsync(Page + "&handler=Opened", new Dictionary<string, string>())).Status);
        Assert.Equal(204, (await browser.PostAsync(Page + "&handler=Opened", new Dictionary<string, string> { ["formToken"] = page.Hidden["formToken"] })).Status);
        var opened = (await OneAsync(server, customer))["openedAt"]!.GetValue<string>();
        await browser.PostAsync(Page + "&handler=Opened", new Dictionary<string, string> { ["formToken"] = page.Hidden["formToken"] });
        Assert.Equal(opened, (await OneAsync(server, customer))["openedAt"]!.GetValue<string>());

        Assert.Equal(200, (await DirectAcceptanceTests.AcceptAsync(browser)).Status);
        Assert.NotNull((await OneAsync(server, customer))["acceptedAt"]);
        Assert.Equal(409, (await InviteAsync(server, customer, "{}")).Status);
        Assert.Equal(404, (await server.SendAsync("GET", $"/api/customers/{customer}/invitations", partner: "harbor")).Status);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [InlineData("never", "never", false)]
    [InlineData("attested-stale", "outdated", true)]
    [InlineData("refused", "declined", false)]
    [InlineData("attested-current", "wanted", false)]
    public async Task Invite_WithoutARecipient_AnswersTheTextWithTheReason(string scenario, string reason, bool dated)
    {
        var server = await servers.GetAsync("sqlite");
        var customer = await FreshCustomers.AddAsync(server, scenario);

        var made = await InviteAsync(server, customer, """{"language":"ja"}""");

        Assert.Equal((201, reason, "text"), (made.Status, made.Json["reason"]!.GetValue<string>(), made.Json["delivery"]!.GetValue<string>()));
        Assert.Equal(dated, made.Json["refusedFrom"] is not null);
        var body = made.Json["text"]!["body"]!.GetValue<string>();
        Assert.Contains(server.BaseUrl + InvitationText.Path, body, StringComparison.Ordinal);
        Assert.Contains("別途", body, StringComparison.Ordinal);
        Assert.Equal(dated, body.Contains("2025", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reminder_AfterItsDays_GoesOnceUnlessCancelled(bool cancelled)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var customer = await FreshCustomers.AddAsync(server, "never");
        var made = await InviteAsync(server, customer, """{"recipient":{"firstName":"Taro","lastName":"Suzuki","email":"taro@customer.example"},"language":"en","remindAfterDays":3}""");
        await MailAsync(server, "taro@customer.example");
        if (cancelled)
        {
            var gone = await server.SendAsync("POST", $"/api/customers/{customer}/invitations/{made.Json["id"]!.GetValue<string>()}/cancellation", "{}");
            Assert.Equal((200, "cancelled"), (gone.Status, gone.Json["reminder"]!.GetValue<string>()));
        }

        var clock = server.Parts.Context.Clocks.Policy(PartnerEnvironment.Production);
        clock.Offset += TimeSpan.FromDays(4);
        var expected = cancelled ? "cancelled" : "sent";
        await Until.TrueAsync(async () => (await OneAsync(server, customer))["reminder"]!.GetValue<string>() == expected);
        clock.Offset += TimeSpan.FromDays(30);
        await Task.Delay(1500, TestContext.Current.CancellationToken);

        Assert.Equal(cancelled ? 1 : 2, (await MailsAsync(server)).Count(mail => mail!["to"]!.GetValue<string>() == "taro@customer.example"));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Invite_WhatCannotBe_IsRefusedAndSendsNothing(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");

        Assert.Equal(400, (await InviteAsync(server, customer, """{"language":"xx"}""")).Status);
        Assert.Equal(400, (await InviteAsync(server, customer, """{"recipient":{"firstName":"A","lastName":"B","email":"a@b.example\r\nBcc: c@d.example"}}""")).Status);
        Assert.Equal(400, (await InviteAsync(server, customer, """{"remindAfterDays":0}""")).Status);
        Assert.Equal(404, (await InviteAsync(server, customer, "{}", "harbor")).Status);
        Assert.Equal(403, (await InviteAsync(server, customer, "{}", who: "helpdesk")).Status);
        Assert.Equal(400, (await InviteAsync(server, await FreshCustomers.AddAsync(server, "national-cloud"), "{}")).Status);
        Assert.Empty((await server.SendAsync("GET", $"/api/customers/{customer}/invitations")).Json["items"]!.AsArray());
    }

    private static Task<Answer> InviteAsync(TestServer server, CustomerId customer, string body, string partner = "aozora", string who = "admin") =>
        server.SendAsync("POST", $"/api/customers/{customer}/invitations", body, partner, who);

    private static async Task<JsonNode> OneAsync(TestServer server, CustomerId customer) =>
        Assert.Single((await server.SendAsync("GET", $"/api/customers/{customer}/invitations")).Json["items"]!.AsArray())!;

    private static async Task<JsonArray> MailsAsync(TestServer server) => (await server.SendAsync("GET", "/sandbox/mails")).Json["mails"]!.AsArray();

    private static async Task<JsonNode> MailAsync(TestServer server, string email)
    {
        JsonNode? found = null;
        await Until.TrueAsync(async () => (found = (await MailsAsync(server)).FirstOrDefault(mail => mail!["to"]!.GetValue<string>() == email)) is not null);
        return found!;
    }
}
