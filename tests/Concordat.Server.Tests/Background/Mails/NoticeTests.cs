using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Concordat.Core.Policy;
using Concordat.Server.Operations;
using Concordat.Server.Sandbox;

namespace Concordat.Server.Tests.Background.Mails;

/// <summary>What a signatory reads, and when; in the sandbox's own mailbox.</summary>
public sealed partial class NoticeTests
{
    [Theory]
    [InlineData("sqlite", "ja", "への同意が記録されました", "同意日時")]
    [InlineData("postgres", "ja", "への同意が記録されました", "同意日時")]
    [InlineData("sqlite", "en", "On record: you accepted the", "Accepted on")]
    [InlineData("postgres", "en", "On record: you accepted the", "Accepted on")]
    public async Task Notice_AfterAConfirmation_SaysWhatWasAcceptedAndWhereToObject(string engine, string language, string subject, string when)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (customer, partner) = Seeded(server, language);

        var answer = await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation(first: "花子<b>"), partner);
        Assert.Equal(201, answer.Status);
        var mail = await ArriveAsync(server, 1);

        Assert.Equal(language, mail.Words.Language);
        Assert.Contains(subject, mail.Words.Subject, StringComparison.Ordinal);
        Assert.Contains(when, mail.Words.Text, StringComparison.Ordinal);
        Assert.Contains("花子&lt;b&gt;", mail.Words.Html.Replace("&#33457;&#23376;", "花子", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("花子", mail.Words.Subject, StringComparison.Ordinal);
        Assert.Contains(TestServer.Partner(partner).Name, mail.Words.Text, StringComparison.Ordinal);
        var row = Assert.Single(await Posting.RowsAsync(server, customer, partner), one => one.State == "sent");
        Assert.Contains(row.Entry.ToString()!, mail.Words.Text, StringComparison.Ordinal);
        Assert.Equal(row.MessageId, mail.MessageId);
        await CheckLinksAsync(server, mail, row.Subject!.Value.Value);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Notice_LaterAndForOtherAgreements_NoFurtherMail(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await Posting.ConfirmAsync(server);
        await ArriveAsync(server, 1);

        await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromMinutes(29));
        await FreshCustomers.AddAsync(server, "direct");
        await FreshCustomers.AddAsync(server, "cloud-agreement-only");
        await FreshCustomers.AddAsync(server, "attested-stale");
        await Task.Delay(1500, TestContext.Current.CancellationToken);

        Assert.Single(server.Parts.Mailbox!.All);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Resend_ThreeTimesADay_ByAdminAgentsOnly(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (customer, notice) = await Posting.ConfirmAsync(server);
        await ArriveAsync(server, 1);
        var path = $"/api/customers/{customer}/notices";
        var shown = (await server.SendAsync("GET", path)).Json["items"]![0]!;
        Assert.Equal(("handedOver", 1), (shown["state"]!.GetValue<string>(), shown["attempts"]!.AsArray().Count));

        var resend = $"{path}/{notice.Id}/resend";
        Assert.Equal(403, (await server.SendAsync("POST", resend, who: "sales")).Status);
        Assert.Equal(404, (await server.SendAsync("POST", resend, partner: "harbor")).Status);
        for (var i = 0; i < ResendMail.MostPerDay; i++)
        {
            Assert.Equal(202, (await server.SendAsync("POST", resend)).Status);
        }

        Assert.Equal(429, (await server.SendAsync("POST", resend)).Status);
        await ArriveAsync(server, 1 + ResendMail.MostPerDay);
        Assert.Equal(1 + ResendMail.MostPerDay, server.Parts.Mailbox!.All.Select(mail => mail.MessageId).Distinct().Count());
        var listed = (await server.SendAsync("GET", path)).Json["items"]!.AsArray();
        Assert.All(listed.Skip(1), item => Assert.Equal(notice.Id.ToString("D"), item!["repeats"]!.GetValue<string>()));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Code_Asked_ReachesTheSignatoryWithinSeconds(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        const string body = """
            {"country":"JP","language":"ja-JP","companyName":"Fresh Bakery","signatoryFirstName":"Mika","signatoryLastName":"Aoki","signatoryEmail":"mika@fresh.example"}
            """;
        var created = await server.SendAsync("POST", "/v1/attestations/enhanced", body, who: "app");
        var id = new Core.AttestationId(created.Json["attestationId"]!.GetValue<Guid>());
        var partner = server.Parts.Directory.Find(TestServer.Partner("aozora").Id)!;

        _ = (await server.Parts.Context.Loop.RunAsync(new SendAttestationCode(server.Parts.Context, partner, id))).Value;
        var mail = await ArriveAsync(server, 1);

        Assert.Equal(("mika@fresh.example", "ja", "Aoki Mika"), (mail.Words.Address, mail.Words.Language, mail.Words.Name));
        Assert.Matches("\\s[0-9]{6}\\s", mail.Words.Text);
        Assert.DoesNotMatch("[^0-9a-f-][0-9]{6}[^0-9a-f-]", mail.Words.Subject);
    }

    [Fact]
    public async Task MailboxPages_BothLanguages_ShowTheMail()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        await Posting.ConfirmAsync(server);
        var mail = await ArriveAsync(server, 1);

        Assert.Contains("メールボックス", (await server.SendAsync("GET", "/sandbox/mail?lang=ja")).Body, StringComparison.Ordinal);
        var view = await server.SendAsync("GET", $"/sandbox/mail/{mail.Id}?lang=en");
        Assert.Equal(200, view.Status);
        Assert.Contains("sandbox srcdoc=", view.Body, StringComparison.Ordinal);
        var json = JsonNode.Parse((await server.SendAsync("GET", "/sandbox/mails")).Body)!["mails"]!;
        Assert.Equal(mail.MessageId, json[0]!["messageId"]!.GetValue<string>());
        Assert.Equal(404, (await server.SendAsync("GET", "/sandbox/mail/unknown")).Status);
    }

    private static async Task CheckLinksAsync(TestServer server, KeptMail mail, Guid subject)
    {
        var links = Link().Matches(mail.Words.Text).Select(match => match.Value).ToList();
        var text = Assert.Single(links, link => link.Contains(TextLinks.Path, StringComparison.Ordinal));
        var shown = await server.SendAsync("GET", new Uri(text).PathAndQuery);
        Assert.Equal(200, shown.Status);
        Assert.Equal(404, (await server.SendAsync("GET", new Uri(text).PathAndQuery[..^2] + "AA")).Status);
        var own = Assert.Single(links, link => link.Contains(SignatoryLink.Path, StringComparison.Ordinal));
        var token = own[(own.LastIndexOf('/') + 1)..];
        var found = await SignatoryLink.FindAsync(server.Parts.Database, token);
        Assert.Equal(subject, found!.Subject.Value);
        Assert.Null(await SignatoryLink.FindAsync(server.Parts.Database, token[..^3] + (token.EndsWith("AAA", StringComparison.Ordinal) ? "BBB" : "AAA")));
    }

    private static async Task<KeptMail> ArriveAsync(TestServer server, int count)
    {
        await Until.TrueAsync(async () => server.Parts.Mailbox!.All.Count >= count && await Posting.CountAsync(server, "due") == 0);
        Assert.Equal(count, server.Parts.Mailbox!.All.Count);
        return server.Parts.Mailbox.All[0];
    }

    private static (Core.CustomerId Customer, string Partner) Seeded(TestServer server, string language)
    {
        _ = server;
        var customer = SeedPlan.Customers.First(one => one.Scenario != "national-cloud" && one.Language == language
            && SeedPlan.Partners.Any(partner => partner.Key == one.Partner && partner is { Kind: "direct-bill", Environment: "production" }));
        return (customer.Id, customer.Partner);
    }

    [GeneratedRegex("http://[^\\s]+")]
    private static partial Regex Link();
}
