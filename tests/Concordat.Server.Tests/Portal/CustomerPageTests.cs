using System.Net;
using System.Text.RegularExpressions;
using Concordat.Core;
using Concordat.Server.Sandbox;
using Concordat.Server.Tests.SignIn;

namespace Concordat.Server.Tests.Portal;

/// <summary>A customer's account: what stands there, and for whom.</summary>
public sealed class CustomerPageTests(Servers servers)
{
    private const string Admin = "admin@aozora-cloud.example";

    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Page_ForeignCustomer_IsTheAnswerToARandomId(string engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var one in SandboxSignIn.Offered.Where(one => SeedPlan.Partners.Any(partner => partner.Id.Value == one.Tenant.Id)))
        {
            using var browser = await SignedInAsync(server, one.Person.UserName);
            var partner = SeedPlan.Partners.Single(partner => partner.Id.Value == one.Tenant.Id);
            var random = await ShownAsync(browser, new CustomerId(server.Parts.Context.Ids.NewId()));
            Assert.Equal(404, random.Status);
            foreach (var customer in SeedPlan.Customers.GroupBy(customer => customer.Id))
            {
                var own = customer.Any(account => account.Partner == partner.Key || account.Reseller == partner.Key);
                var shown = await ShownAsync(browser, customer.Key);
                Assert.True(shown.Status == (own ? 200 : 404), $"{one.Person.UserName} {customer.First().Key} {shown.Status}");
                if (!own)
                {
                    Assert.Equal(random.Body, shown.Body);
                }
            }

            Assert.Equal(404, (await browser.GetAsync("/portal/customers/nonsense")).Status);
        }
    }

    [Theory]
    [InlineData("never", "Not provided", "", true)]
    [InlineData("attested-stale", "Not provided", "2022", false)]
    [InlineData("direct", "Provided", "", false)]
    [InlineData("direct-and-attested", "Provided", "20", false)]
    public async Task Agreement_ByScenario_IsShownAsDocumented(string scenario, string direct, string date, bool none)
    {
        var server = await servers.GetAsync("sqlite");
        using var browser = await SignedInAsync(server, Admin);

        var facts = FactsOf((await browser.GetAsync($"/portal/customers/{TestServer.Customer(scenario)}?lang=en")).Body, out var body);

        Assert.Equal(direct, facts["Customer acceptance through Microsoft"]);
        Assert.StartsWith(date, facts["Agreement acceptance date"], StringComparison.Ordinal);
        Assert.Equal(date.Length == 0, facts["Email address"].Length == 0);
        Assert.Equal(date.Length == 0, facts["First name"].Length == 0);
        Assert.Equal(none, body.Contains("There is no Microsoft Customer Agreement", StringComparison.Ordinal));
        Assert.Contains("Read-only since 2026-01-05", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("admin", true)]
    [InlineData("sales", true)]
    [InlineData("auditor", true)]
    [InlineData("helpdesk", false)]
    public async Task Signatory_ByRole_IsShownToThoseWhoDealWithPeople(string user, bool shown)
    {
        var server = await servers.GetAsync("sqlite");
        using var browser = await SignedInAsync(server, $"{user}@aozora-cloud.example");

        var facts = FactsOf((await browser.GetAsync($"/portal/customers/{TestServer.Customer("attested-current")}?lang=en")).Body, out _);

        Assert.Equal(shown, facts["Email address"].Contains('@', StringComparison.Ordinal));
        Assert.StartsWith("20", facts["Agreement acceptance date"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signatory_ForTheReseller_IsNotShown()
    {
        var server = await servers.GetAsync("sqlite");
        using var browser = await SignedInAsync(server, "user@sakura-systems.example");

        var shown = await browser.GetAsync($"/portal/customers/{TestServer.Customer("attested-stale", "kaede")}?lang=en");

        Assert.Equal(200, shown.Status);
        Assert.Equal("", FactsOf(shown.Body, out var body)["Email address"]);
        Assert.DoesNotContain("Refused transactions", body, StringComparison.Ordinal);
        Assert.Contains("900428", body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Verdicts_EveryScenario_AreThoseOfTheApi(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        using var browser = await SignedInAsync(server, Admin);
        foreach (var customer in SeedPlan.Customers.Where(customer => customer.Partner == "aozora"))
        {
            var api = (await server.SendAsync("GET", $"/api/customers/{customer.Id}/standing")).Json["verdicts"]!.AsArray();
            var body = (await browser.GetAsync($"/portal/customers/{customer.Id}?lang=en")).Body;
            var table = body[body.IndexOf("id=\"verdicts\"", StringComparison.Ordinal)..body.IndexOf("id=\"history\"", StringComparison.Ordinal)];
            var rows = Regex.Matches(table, "<th scope=\"row\">.*?</tr>", RegexOptions.Singleline).Select(row => row.Value).ToList();

            Assert.Equal(api.Count, rows.Count);
            foreach (var (verdict, row) in api.Zip(rows))
            {
                Assert.Equal(!verdict!["permitted"]!.GetValue<bool>(), row.Contains("is-bad", StringComparison.Ordinal));
                Assert.Contains($"<code>{verdict["rule"]!.GetValue<string>()}</code>", row, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Refusals_OfARefusedOrder_SayWhy(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = TestServer.Customer("attested-stale");
        var answer = await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order());
        Assert.Equal(403, answer.Status);
        using var browser = await SignedInAsync(server, Admin);

        var body = "";
        await Until.TrueAsync(async () =>
        {
            body = (await browser.GetAsync($"/portal/customers/{customer}?lang=en")).Body;
            body = body[body.IndexOf("id=\"refusals\"", StringComparison.Ordinal)..];
            return body.Contains("New purchase", StringComparison.Ordinal);
        });

        Assert.Contains("<code>900428</code>", body, StringComparison.Ordinal);
        Assert.Contains("The attestation is outdated", body, StringComparison.Ordinal);
        Assert.Contains("stale-production", body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task LegacyUse_AfterTheDeprecation_IsWarnedOf(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = TestServer.Customer("never");
        using var browser = await SignedInAsync(server, Admin);
        Assert.DoesNotContain("deprecated call", (await browser.GetAsync($"/portal/customers/{customer}?lang=en")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("deprecated call", (await browser.GetAsync("/portal?lang=en")).Body, StringComparison.Ordinal);

        Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation())).Status);

        Assert.Contains("deprecated call", (await browser.GetAsync($"/portal/customers/{customer}?lang=en")).Body, StringComparison.Ordinal);
        Assert.Contains("deprecated call", (await browser.GetAsync("/portal?lang=en")).Body, StringComparison.Ordinal);
    }

    private static async Task<Browser> SignedInAsync(TestServer server, string userName)
    {
        var browser = new Browser(server);
        await browser.SignInAsync(userName);
        return browser;
    }

    /// <summary>The page, with what names the request and the asked-for id taken out.</summary>
    private static async Task<Shown> ShownAsync(Browser browser, CustomerId customer)
    {
        var shown = await browser.GetAsync($"/portal/customers/{customer}?lang=en");
        return shown with { Body = shown.Body.Replace(customer.ToString(), "", StringComparison.OrdinalIgnoreCase) };
    }

    private static Dictionary<string, string> FactsOf(string page, out string text)
    {
        text = WebUtility.HtmlDecode(page);
        return Regex.Matches(text, "<dt>([^<]*)</dt>\\s*<dd>([^<]*)").DistinctBy(match => match.Groups[1].Value)
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value.Trim());
    }
}
