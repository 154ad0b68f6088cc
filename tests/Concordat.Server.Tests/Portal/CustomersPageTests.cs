using System.Net;
using System.Text.RegularExpressions;
using Concordat.Server.Operations;
using Concordat.Server.Portal;
using Concordat.Server.Sandbox;
using Concordat.Server.Tests.Hosting.Identity;
using Concordat.Server.Tests.SignIn;

namespace Concordat.Server.Tests.Portal;

/// <summary>The list of customers: what it shows, to whom, page by page and as a file.</summary>
public sealed partial class CustomersPageTests(Servers servers)
{
    private const string Admin = "admin@aozora-cloud.example";

    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task State_OfEveryScenario_IsWhatTheApiDecides(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        using var browser = await SignedInAsync(server, Admin);
        foreach (var customer in SeedPlan.Customers.Where(customer => customer.Partner == "aozora"))
        {
            var standing = (await server.SendAsync("GET", $"/api/customers/{customer.Id}/standing")).Json;
            var refused = standing["verdicts"]!.AsArray().Any(verdict => !verdict!["permitted"]!.GetValue<bool>());
            foreach (var state in (string[])["fine", "atrisk", "blocked"])
            {
                var shown = await browser.GetAsync($"/portal/customers?by=id&search={customer.Id}&state={state}");
                Assert.Equal(state == (refused ? "blocked" : "fine"), shown.Body.Contains($">{WebUtility.HtmlEncode(customer.Name)}<", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task State_BeforeADeadline_IsAtRiskFromThatDayOn()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        Travel(server, new DateTimeOffset(2025, 9, 1, 0, 0, 0, TimeSpan.Zero));
        using var browser = await SignedInAsync(server, Admin);

        var shown = await browser.GetAsync("/portal/customers?state=atrisk");

        Assert.Contains("つばめ運輸株式会社", shown.Body, StringComparison.Ordinal);
        Assert.Contains("2025-10-07", shown.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("山吹製作所", shown.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/portal/customers?search=%E3%81%A4%E3%81%B0%E3%82%81", "つばめ運輸株式会社")]
    [InlineData("/portal/customers?search=orchard+l", "Orchard Lane Bakery")]
    [InlineData("/portal/customers?search=%EF%BC%AF%EF%BD%92%EF%BD%83%EF%BD%88", "Orchard Lane Bakery")]
    [InlineData("/portal/customers?by=domain&search=REDKITE.", "Red Kite Surveys")]
    public async Task Search_Beginning_FindsInBothLanguages(string address, string only)
    {
        var server = await servers.GetAsync("sqlite");
        using var browser = await SignedInAsync(server, Admin);

        Assert.Equal([only], NamesIn(await browser.GetAsync(address)));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Pages_ThereAndBack_ShowEveryCustomerOnceInOrder(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await AddAsync(server, Enumerable.Range(0, 120).Select(i => $"Page {i:000}"));
        using var browser = await SignedInAsync(server, Admin);
        foreach (var filter in (string[])["search=Page", "search=Page&state=blocked"])
        {
            var there = new List<List<string>>();
            var shown = await browser.GetAsync("/portal/customers?" + filter);
            there.Add(NamesIn(shown));
            while (LinkIn(shown, "next") is { } next)
            {
                Assert.Contains("search=Page", next, StringComparison.Ordinal);
                shown = await browser.GetAsync(next);
                there.Add(NamesIn(shown));
            }

            Assert.Equal(Enumerable.Range(0, 120).Select(i => $"Page {i:000}"), there.SelectMany(page => page));
            var back = new List<List<string>> { NamesIn(shown) };
            while (LinkIn(shown, "prev") is { } previous)
            {
                shown = await browser.GetAsync(previous);
                back.Insert(0, NamesIn(shown));
            }

            Assert.Equal(there.SelectMany(page => page), back.SelectMany(page => page));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task List_OfAReseller_HoldsItsOwnCustomersAndNoOthers(string engine)
    {
        // One of its own: other tests give resellers more customers.
        await using var server = await TestServer.StartAsync(engine);
        foreach (var reseller in SeedPlan.Partners.Where(partner => partner.Provider is not null))
        {
            using var browser = await SignedInAsync(server, $"user@{reseller.Domain}");
            var own = SeedPlan.Customers.Where(customer => customer.Reseller == reseller.Key).Select(customer => customer.Name).Order().ToList();

            Assert.Equal(own, NamesIn(await browser.GetAsync("/portal/customers")).Order());
            foreach (var other in SeedPlan.Customers.Where(customer => customer.Reseller != reseller.Key))
            {
                Assert.Empty(NamesIn(await browser.GetAsync($"/portal/customers?by=id&search={other.Id}")));
            }

            foreach (var other in SeedPlan.Partners.Where(partner => partner != reseller))
            {
                Assert.DoesNotContain(NamesIn(await browser.GetAsync($"/portal/customers?reseller={other.Id}")), name => !own.Contains(name));
            }
        }
    }

    [Fact]
    public async Task Page_TokenOfSomebodyElse_IsRefused()
    {
        var server = await servers.GetAsync("sqlite");
        using var browser = await SignedInAsync(server, Admin);
        var foreign = server.Parts.PageTokens.Create(TestServer.Partner("harbor").Id, "portal customers ", TestServer.Customer("never"));

        Assert.Equal(400, (await browser.GetAsync("/portal/customers?after=" + foreign)).Status);
        Assert.Equal(400, (await browser.GetAsync("/portal/customers?before=x")).Status);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Export_HostileNames_BeginNoFormulaAndComeBack(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        string[] starts = ["=", "+", "-", "@", "＝", "＋", "－", "＠", " =", "\u3000＋", "\"=", "'=", "“@", "'", "\"", ",", "a\"b,c", "普通"];
        var names = starts.Select(start => start + "cmd|' /C calc'!A0").ToList();
        await AddAsync(server, names);
        using var browser = await SignedInAsync(server, Admin);

        var rows = CsvText.Read((await browser.GetAsync("/portal/customers/export?lang=en")).Body);

        Assert.Equal("Microsoft ID", rows[0][0]);
        Assert.All(rows.SelectMany(row => row), field => Assert.False(CsvText.BeginsFormula(field), field));
        var found = rows.Skip(1).Select(row => CsvText.Undo(row[1])).ToHashSet();
        Assert.All(names, name => Assert.Contains(name, found));
        Assert.Equal(names.Count + SeedPlan.Customers.Count(customer => customer.Partner == "aozora"), rows.Count - 1);
    }

    [Fact]
    public async Task Export_Filtered_HoldsWhatTheListShows()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        await AddAsync(server, Enumerable.Range(0, 1100).Select(i => $"Many {i:0000}"));
        using var browser = await SignedInAsync(server, Admin);

        var rows = CsvText.Read((await browser.GetAsync("/portal/customers/export?search=Many&state=blocked&lang=ja")).Body);

        Assert.Equal("会社名", rows[0][1]);
        Assert.Equal(Enumerable.Range(0, 1100).Select(i => $"Many {i:0000}"), rows.Skip(1).Select(row => row[1]));
        Assert.Single(CsvText.Read((await browser.GetAsync("/portal/customers/export?search=Many&state=fine")).Body));
    }

    [Fact]
    public async Task Export_OldSignIn_AsksForTheSecondFactorAgain()
    {
        var clock = new HeldClock(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync("sqlite", clock);
        using var browser = await SignedInAsync(server, Admin);
        clock.Advance(TimeSpan.FromMinutes(16));

        var shown = await browser.GetAsync("/portal/customers/export");

        Assert.Equal((302, "login"), (shown.Status, shown.Parameter("prompt")));
        Assert.Equal(200, (await browser.GetAsync("/portal/customers")).Status);
    }

    [Theory]
    [InlineData("=1", "'=1")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r1", "'\r1")]
    [InlineData("  +1", "'  +1")]
    [InlineData("'-1", "''-1")]
    [InlineData("1=1", "1=1")]
    [InlineData("", "")]
    public void Safe_Field_GetsAnApostropheWhereItWouldCalculate(string field, string safe) => Assert.Equal(safe, Csv.Safe(field));

    private static async Task<Browser> SignedInAsync(TestServer server, string userName)
    {
        var browser = new Browser(server);
        await browser.SignInAsync(userName);
        return browser;
    }

    private static async Task AddAsync(TestServer server, IEnumerable<string> names)
    {
        var context = server.Parts.Context;
        var actor = FreshCustomers.ActorOf(server, "aozora");
        await Task.WhenAll(names.Select(async name => (await context.Loop.RunAsync(new AddCustomer(
            context, actor, null, new NewCustomer(null, $"c{context.Ids.NewId():N}.onmicrosoft.example", name, null, "reseller", null, "public")))).Value));
    }

    private static void Travel(TestServer server, DateTimeOffset to)
    {
        var context = server.Parts.Context;
        context.Clocks.Policy(Core.Policy.PartnerEnvironment.Production).Offset = to - context.Clocks.Wall.GetUtcNow();
    }

    private static List<string> NamesIn(Shown shown)
    {
        Assert.Equal(200, shown.Status);
        return [.. RowName().Matches(shown.Body).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value.Trim()))];
    }

    private static string? LinkIn(Shown shown, string relation) =>
        Regex.Match(shown.Body, $"rel=\"{relation}\" href=\"([^\"]+)\"") is { Success: true } found ? WebUtility.HtmlDecode(found.Groups[1].Value) : null;

    [GeneratedRegex("<th scope=\"row\">(?:<a[^>]*>)?([^<]+)<")]
    private static partial Regex RowName();
}
