using Concordat.Core;
using Concordat.Server.Acceptance;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Sandbox;
using Concordat.Server.Tests;
using Concordat.Server.Tests.Acceptance;
using Microsoft.Playwright;

namespace Concordat.Browser.Tests;

/// <summary>Customers' people accept directly in Chromium: signed in by the sandbox's page, in every state.</summary>
public sealed class DirectAcceptancePageTests(Chromium chromium)
{
    private const string Path = DirectModel.Path + "?ref=" + DirectModel.Reference;

    [Theory]
    [InlineData("en", "Agreement accepted", "This agreement has been accepted", true)]
    [InlineData("ja", "契約への同意を受け付けました", "この契約には同意済みです", true)]
    [InlineData("ja", "契約への同意を受け付けました", "この契約には同意済みです", false)]
    public async Task Accept_ByKeyboardAlone_IsDoneAndStaysDone(string language, string done, string already, bool javaScript)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var page = await OpenAsync(server, new Look(language) { JavaScript = javaScript }, "hinode", "owner");
        await LookAsync(page, $"direct-open-{language}", javaScript);

        await page.Locator("#accept").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        await LookAsync(page, $"direct-unticked-{language}", javaScript);

        await page.Locator("#agree").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("accept", await page.EvaluateAsync<string>("document.activeElement.id"));
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("p.good").WaitForAsync();
        Assert.Equal(done, await page.Locator("h1").InnerTextAsync());
        await LookAsync(page, $"direct-accepted-{language}", javaScript);

        await page.GotoAsync(server.BaseUrl + Path);
        Assert.Equal(already, await page.Locator("h1").InnerTextAsync());
        await LookAsync(page, $"direct-already-{language}", javaScript);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Open_ForAnOrdinaryUser_NamesTheRolesOnAPhoneInTheDark(string language)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var page = await OpenAsync(server, Look.Phone(language) with { Dark = true }, "hinode", "staff");
        Assert.Equal(0, await page.Locator("#accept").CountAsync());
        await page.VerifyAsync($"direct-who-may-phone-dark-{language}");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task OtherStates_AreExplained(string language)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        await server.SwitchAsync("aozora", "directAcceptanceDeadEnd", "true");
        var deadEnd = await OpenAsync(server, new Look(language), "tsubame", "owner");
        Assert.Equal(0, await deadEnd.Locator("#accept").CountAsync());
        await deadEnd.VerifyAsync($"direct-dead-end-{language}");
        await deadEnd.GotoAsync(server.BaseUrl + DirectModel.Path);
        await deadEnd.VerifyAsync($"direct-explain-{language}");

        var partner = TestServer.Partner("aozora");
        var staff = await SignInAsync(server, new Look(language), SeedPlan.PersonOf(partner, "admin", Roles.AdminAgent).Oid);
        await staff.VerifyAsync($"direct-partner-person-{language}");

        var outside = await WithSessionAsync(server, new Look(language), TestServer.Customer("national-cloud"));
        await outside.VerifyAsync($"direct-national-cloud-{language}");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Open_AfterAnOlderVersion_OffersTheNewOne(string language)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var customer = TestServer.Customer("never");
        await FreshCustomers.AcceptInAsync(server, customer, new DateTimeOffset(2021, 4, 5, 6, 7, 0, TimeSpan.Zero));
        var page = await WithSessionAsync(server, new Look(language), customer);
        Assert.True(await page.Locator("main p.notice").IsVisibleAsync());
        await page.VerifyAsync($"direct-newer-{language}");
        await page.Locator("#agree").CheckAsync();
        await page.Locator("#accept").ClickAsync();
        await page.Locator("main p.good").WaitForAsync();
    }

    [Fact]
    public async Task Open_TheOtherLanguage_ChangesTheTextAndNotThePage()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var page = await OpenAsync(server, Look.Phone("ja"), "hinode", "billing");
        await page.Locator("main a[lang=en-US]").ClickAsync();
        Assert.Equal(("ja", "en-US"), (await page.Locator("html").GetAttributeAsync("lang"), await page.Locator("#agreement").GetAttributeAsync("lang")));
        await page.VerifyAsync("direct-open-english-text-phone-ja");
        await page.Locator("#agree").CheckAsync();
        await page.Locator("#accept").ClickAsync();
        Assert.Equal("en-US", await page.Locator("#agreement").GetAttributeAsync("lang"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_OnAScreenWithScripts_CountsTheInvitationAsOpened(bool javaScript)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var path = $"/api/customers/{TestServer.Customer("never")}/invitations";
        Assert.Equal(201, (await server.SendAsync("POST", path, "{}")).Status);
        var page = await OpenAsync(server, new Look { JavaScript = javaScript }, "hinode", "staff");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var invitation = (await server.SendAsync("GET", path)).Json["items"]![0]!;
        Assert.Equal(javaScript, invitation["openedAt"] is not null);
    }

    private static Task LookAsync(IPage page, string name, bool javaScript) => javaScript ? page.VerifyAsync(name) : page.PictureAsync(name + "-no-script");

    private Task<IPage> OpenAsync(TestServer server, Look look, string customer, string person) => SignInAsync(server, look,
        SeedPlan.PersonOf(SeedPlan.Customers.First(known => known.Key == customer), person, Roles.None).Oid);

    /// <summary>For customers whose people the sandbox's page does not offer.</summary>
    private async Task<IPage> WithSessionAsync(TestServer server, Look look, CustomerId customer)
    {
        using var browser = await CustomerPeople.OfCustomerAsync(server, customer);
        var page = await chromium.OpenAsync(look);
        await page.Context.AddCookiesAsync([.. browser.Cookies.Select(cookie => new Cookie
        {
            // A Secure cookie is set for https; on the loopback address it is sent over http, too.
            Name = cookie.Key, Value = cookie.Value, Url = server.BaseUrl.Replace("http:", "https:", StringComparison.Ordinal), Secure = true, HttpOnly = true,
        })]);
        await page.GotoAsync(server.BaseUrl + Path);
        return page;
    }

    private async Task<IPage> SignInAsync(TestServer server, Look look, Guid person)
    {
        var page = await chromium.OpenAsync(look);
        await page.GotoAsync(server.BaseUrl + Path);
        await page.Locator($"button[name=person][value='{person:D}']").ClickAsync();
        await page.WaitForURLAsync("**" + DirectModel.Path + "**");
        return page;
    }
}
