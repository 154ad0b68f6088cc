using Concordat.Server.Tests;
using Microsoft.Playwright;

namespace Concordat.Browser.Tests;

public sealed class ErrorPageTests(Chromium chromium)
{
    [Theory]
    [InlineData("en", "Page not found")]
    [InlineData("ja", "ページが見つかりません")]
    public async Task Open_UnknownAddress_SaysSoInTheBrowsersLanguage(string language, string title)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var page = await chromium.OpenAsync(new Look(language));

        var answer = await page.GotoAsync(server.BaseUrl + "/no/such/page");

        Assert.Equal(404, answer!.Status);
        Assert.Equal(title, await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync());
        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        await page.VerifyAsync($"error-404-{language}");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Open_OnAPhoneInTheDark_StaysReadable(string language)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var page = await chromium.OpenAsync(Look.Phone(language) with { Dark = true });

        await page.GotoAsync(server.BaseUrl + "/no/such/page");

        await page.VerifyAsync($"error-404-phone-dark-{language}");
    }

    [Fact]
    public async Task Languages_OtherOne_ShowsTheSamePageInIt()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var page = await chromium.OpenAsync();
        await page.GotoAsync(server.BaseUrl + "/no/such/page?a=1");

        await page.GetByRole(AriaRole.Link, new() { Name = "日本語" }).ClickAsync();

        Assert.EndsWith("/no/such/page?a=1&lang=ja", page.Url, StringComparison.Ordinal);
        Assert.Equal("ja", await page.Locator("html").GetAttributeAsync("lang"));
    }
}
