using Concordat.Core.Policy;
using Concordat.Server.Tests;
using Microsoft.Playwright;

namespace Concordat.Browser.Tests;

/// <summary>The portal as partner staff and resellers see it.</summary>
public sealed class PortalPageTests(Chromium chromium)
{
    [Theory]
    [InlineData("en", "admin@kaede.example")]
    [InlineData("ja", "admin@kaede.example")]
    [InlineData("en", "admin@aozora-cloud.example")]
    [InlineData("ja", "admin@aozora-cloud.example")]
    [InlineData("ja", "user@sakura-systems.example")]
    public async Task Customers_OfAPartner_AreReadable(string language, string userName)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var page = await SignedInAsync(server, new Look(language), userName, "/portal/customers");

        await page.VerifyAsync($"portal-customers-{userName.Split('@', '.')[1]}-{language}");
        await page.GotoAsync(server.BaseUrl + "/portal/customers?search=zzz&state=blocked");
        await page.VerifyAsync($"portal-customers-none-{userName.Split('@', '.')[1]}-{language}");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Customers_OnAPhoneInTheDark_StayReadable(string language)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var page = await SignedInAsync(server, Look.Phone(language) with { Dark = true }, "admin@aozora-cloud.example", "/portal/customers");

        await page.VerifyAsync($"portal-customers-phone-dark-{language}");
    }

    [Theory]
    [InlineData("en", "2025-09-01")]
    [InlineData("ja", "2025-09-01")]
    [InlineData("en", "2026-11-20")]
    [InlineData("ja", "2026-11-20")]
    public async Task Overview_BeforeAndAfterTheDeadlines_IsReadable(string language, string day)
    {
        await using var server = await (await TestServer.StartAsync("sqlite")).LoadedAsync();
        var context = server.Parts.Context;
        context.Clocks.Policy(PartnerEnvironment.Production).Offset = DateTimeOffset.Parse(day + "T00:00:00Z", null) - context.Clocks.Wall.GetUtcNow();
        var page = await SignedInAsync(server, new Look(language), "admin@aozora-cloud.example", "/portal");

        await page.VerifyAsync($"portal-overview-{day[..4]}-{language}");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Overview_OnAPhoneInTheDark_StaysReadable(string language)
    {
        await using var server = await (await TestServer.StartAsync("sqlite")).LoadedAsync();
        var page = await SignedInAsync(server, Look.Phone(language) with { Dark = true }, "admin@aozora-cloud.example", "/portal");

        await page.VerifyAsync($"portal-overview-phone-dark-{language}");
    }

    [Theory]
    [InlineData("en", "attested-stale")]
    [InlineData("ja", "attested-stale")]
    [InlineData("en", "never")]
    [InlineData("ja", "never")]
    [InlineData("ja", "direct-and-attested")]
    public async Task Customer_OfAScenario_IsReadable(string language, string scenario)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var customer = TestServer.Customer(scenario);
        await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order());
        var page = await SignedInAsync(server, new Look(language), "admin@aozora-cloud.example", $"/portal/customers/{customer}");

        await page.VerifyAsync($"portal-customer-{scenario}-{language}");
    }

    /// <summary>From the list to a customer with the keyboard alone.</summary>
    [Theory]
    [InlineData("en", true)]
    [InlineData("ja", false)]
    public async Task List_ByKeyboard_LeadsToTheCustomer(string language, bool javaScript)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var page = await SignedInAsync(server, new Look(language) { JavaScript = javaScript }, "admin@aozora-cloud.example", "/portal/customers");

        await TabToAsync(page, "#search");
        await page.Keyboard.TypeAsync("つばめ");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("tbody a")).ToHaveCountAsync(1);
        await TabToAsync(page, "tbody a");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("つばめ運輸株式会社");
        Assert.EndsWith($"/portal/customers/{TestServer.Customer("attested-stale")}", page.Url, StringComparison.Ordinal);
    }

    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var presses = 0; presses < 30; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.Locator(selector + ":focus").CountAsync() == 1)
            {
                return;
            }
        }

        Assert.Fail($"{selector} is not reached by Tab.");
    }

    private async Task<IPage> SignedInAsync(TestServer server, Look look, string userName, string path)
    {
        var page = await chromium.OpenAsync(look);
        await page.GotoAsync(server.BaseUrl + path);
        await page.Locator("#username").FillAsync(userName);
        await page.Locator("#password").FillAsync("sandbox");
        await page.Locator("button[name=withPassword]").ClickAsync();
        Assert.Equal(server.BaseUrl + path, page.Url);
        return page;
    }
}
