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
