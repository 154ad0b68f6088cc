using Concordat.Server.Tests;
using Concordat.Server.Tests.Acceptance;
using Microsoft.Playwright;

namespace Concordat.Browser.Tests;

/// <summary>The signatory's own page in Chromium: every state in both languages.</summary>
public sealed class MyAgreementPageTests(Chromium chromium)
{
    [Theory]
    [InlineData("en", "upheld", true)]
    [InlineData("ja", "rejected", true)]
    [InlineData("ja", "upheld", true)]
    [InlineData("en", "rejected", false)]
    public async Task Dispute_ByKeyboard_IsSaidAndSettled(string language, string outcome, bool javaScript)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var customer = TestServer.Customer("never");
        var link = await OwnLinks.ConfirmAsync(server, customer, "花子");
        var page = await chromium.OpenAsync(new Look(language) { JavaScript = javaScript });
        await page.GotoAsync($"{server.BaseUrl}{link}?lang={language}");
        await LookAsync(page, $"own-counts-{language}", javaScript);

        await page.Locator("summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#dispute").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        await LookAsync(page, $"own-unconfirmed-{language}", javaScript);

        await page.Locator("#words").FillAsync("<b>=HYPERLINK(1)</b> ほかの人です");
        await page.Locator("#confirm").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("p.good").WaitForAsync();
        await LookAsync(page, $"own-disputed-{language}", javaScript);

        var dispute = (await server.SendAsync("GET", $"/api/customers/{customer}/disputes")).Json["items"]![0]!["id"]!.GetValue<string>();
        await server.SendAsync("POST", $"/api/customers/{customer}/disputes/{dispute}/resolution", $$"""{"outcome":"{{outcome}}","reason":"Asked."}""");
        await page.GotoAsync($"{server.BaseUrl}{link}?lang={language}");
        await LookAsync(page, $"own-{outcome}-{language}", javaScript);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Page_OnAPhoneInTheDark_FitsAndWritesInTheCustomersLanguage(string language)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        // Customers of aozora are written to in Japanese: the page is, too, whatever the browser asks for.
        var link = await OwnLinks.ConfirmAsync(server, TestServer.Customer("never"));
        var page = await chromium.OpenAsync(Look.Phone(language) with { Dark = true });
        await page.GotoAsync(server.BaseUrl + link);
        Assert.Equal("ja", await page.Locator("html").GetAttributeAsync("lang"));
        await page.GotoAsync($"{server.BaseUrl}{link}?lang={language}");
        await page.Locator("summary").ClickAsync();
        await page.VerifyAsync($"own-phone-dark-{language}");
    }

    private static Task LookAsync(IPage page, string name, bool javaScript) => javaScript ? page.VerifyAsync(name) : page.PictureAsync(name + "-no-script");
}
