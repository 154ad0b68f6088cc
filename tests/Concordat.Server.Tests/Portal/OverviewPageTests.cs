using System.Net;
using System.Text.RegularExpressions;
using Concordat.Core.Policy;
using Concordat.Server.Operations;
using Concordat.Server.Sandbox;
using Concordat.Server.Tests.SignIn;

namespace Concordat.Server.Tests.Portal;

/// <summary>The overview: its counts against the API's own words, and whom it names first.</summary>
public sealed class OverviewPageTests
{
    private const string Admin = "admin@aozora-cloud.example";

    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Counts_OnEveryDate_AreThoseOfTheForecast(string engine)
    {
        await using var server = await (await TestServer.StartAsync(engine)).LoadedAsync();
        Travel(server, new DateTimeOffset(2025, 9, 1, 0, 0, 0, TimeSpan.Zero));
        using var browser = await SignedInAsync(server, Admin);

        var rows = RowsOf((await browser.GetAsync("/portal?lang=en")).Body);

        Assert.Equal("2025-09-01", rows.Single(row => row.Now).Day);
        var later = rows.SkipWhile(row => !row.Now).ToList();
        Assert.Equal(["2025-09-01", "2025-10-07"], later.Select(row => row.Day));
        foreach (var row in later)
        {
            // Everything that is refused for anybody on these dates is refused for new purchases, too.
            var counts = (await server.SendAsync("GET", $"/api/forecast?at={row.Day}T12:00:00Z")).Json["counts"]!;
            Assert.Equal(counts["blockedThen"]!.GetValue<int>(), row.Blocked);
            Assert.Equal(counts["customers"]!.GetValue<int>(), row.Fine + row.AtRisk + row.Blocked);
        }

        Assert.Equal(later[1].Blocked - later[0].Blocked, later[0].AtRisk);
        Assert.Equal(0, later[1].AtRisk);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Counts_AfterAConfirmation_FollowAtOnce(string engine)
    {
        await using var server = await (await TestServer.StartAsync(engine)).LoadedAsync();
        using var browser = await SignedInAsync(server, Admin);
        var before = RowsOf((await browser.GetAsync("/portal?lang=en")).Body).Single(row => row.Now);
        var customer = TestServer.Customer("never");

        Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation())).Status);

        await Until.TrueAsync(async () =>
        {
            var after = RowsOf((await browser.GetAsync("/portal?lang=en")).Body).Single(row => row.Now);
            return (after.Blocked, after.Fine) == (before.Blocked - 1, before.Fine + 1);
        });
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task First_BlockedCustomerWithSubscriptions_StandsBeforeTheOthers(string engine)
    {
        await using var server = await (await TestServer.StartAsync(engine)).LoadedAsync();
        var customer = await FreshCustomers.AddAsync(server, "attested-current");
        Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order())).Status);
        Assert.True((await server.Parts.Context.Loop.RunAsync(new RecordRefusal(server.Parts.Context, FreshCustomers.ActorOf(server, "aozora"), customer))).Problem is null);
        using var browser = await SignedInAsync(server, Admin);

        var body = (await browser.GetAsync("/portal?lang=en")).Body;

        var first = body[body.IndexOf("id=\"first\"", StringComparison.Ordinal)..body.IndexOf("id=\"deadlines\"", StringComparison.Ordinal)];
        var named = Regex.Matches(first, "/portal/customers/([0-9a-f-]{36})").Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(customer.ToString(), named[0]);
        Assert.Equal(
            SeedPlan.Customers.Where(seeded => seeded.Partner == "aozora" && seeded.Scenario is "never" or "cloud-agreement-only" or "attested-stale" or "refused")
                .Where(seeded => seeded.Partner == "aozora").Select(seeded => seeded.Id.ToString()).Append(customer.ToString()).Order(),
            named.Order());
    }

    [Fact]
    public async Task Waiting_OfTheSeed_NamesBothAttestations()
    {
        await using var server = await (await TestServer.StartAsync("sqlite")).LoadedAsync();
        using var browser = await SignedInAsync(server, Admin);

        var body = WebUtility.HtmlDecode((await browser.GetAsync("/portal?lang=en")).Body);

        Assert.Contains("has accepted: make an agreement of it", body, StringComparison.Ordinal);
        Assert.Contains("has not answered; valid until", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reseller_IsLedToItsCustomers()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        using var browser = await SignedInAsync(server, "user@sakura-systems.example");

        Assert.Equal("/portal/customers", (await browser.GetAsync("/portal")).Next!.AbsolutePath);
    }

    private static async Task<Browser> SignedInAsync(TestServer server, string userName)
    {
        var browser = new Browser(server);
        await browser.SignInAsync(userName);
        return browser;
    }

    private static void Travel(TestServer server, DateTimeOffset to)
    {
        var context = server.Parts.Context;
        context.Clocks.Policy(PartnerEnvironment.Production).Offset = to - context.Clocks.Wall.GetUtcNow();
    }

    private static List<Row> RowsOf(string body)
    {
        var table = body[body.IndexOf("<caption>", StringComparison.Ordinal)..body.IndexOf("id=\"first\"", StringComparison.Ordinal)];
        return [.. Regex.Matches(table, "<th scope=\"row\" class=\"day\">(\\S+)\\s*([^<]*)</th>\\s*<td class=\"number\">(\\d+)</td>\\s*<td class=\"number\">(\\d+)</td>\\s*<td class=\"number\">(\\d+)</td>")
            .Select(match => new Row(match.Groups[1].Value, match.Groups[2].Value.Trim() == "Now",
                int.Parse(match.Groups[3].Value, null), int.Parse(match.Groups[4].Value, null), int.Parse(match.Groups[5].Value, null)))];
    }

    private sealed record Row(string Day, bool Now, int Fine, int AtRisk, int Blocked);
}
