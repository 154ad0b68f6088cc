using Concordat.Server.Tests;
using Concordat.Server.Tests.EndToEnd;
using Microsoft.Playwright;

namespace Concordat.Browser.Tests;

/// <summary>The example shop beside the sandbox as <c>./run</c> starts them: two programs, two origins.</summary>
public sealed class ShopFixture : IAsyncLifetime
{
    private readonly RunSandbox sandbox = new RunSandbox().WithShop();

    public string Url => $"http://127.0.0.1:{sandbox.ShopPort}";

    public string SandboxUrl => sandbox.BaseUrl;

    public async ValueTask InitializeAsync()
    {
        await sandbox.StartAsync();
        using var http = new HttpClient();
        await Until.TrueAsync(async () =>
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Url));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>Everything as seeded: nobody has accepted yet.</summary>
    public async Task ResetAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri($"{SandboxUrl}/sandbox/reset"), null);
        answer.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => sandbox.DisposeAsync();
}

public sealed class StorefrontTests(Chromium chromium, ShopFixture shop) : IClassFixture<ShopFixture>
{
    // The customer of the first partner that never accepted anything.
    private const string Never = "ひので商店";

    [Theory]
    [InlineData("en", "Thank you")]
    [InlineData("ja", "ご注文ありがとうございます")]
    public async Task Buy_RefusedThenAcceptedInTheFrame_FinishesWithoutReload(string language, string thanks)
    {
        await shop.ResetAsync();
        var page = await chromium.OpenAsync(new Look(language));
        await OrderAsync(page, language);
        await AskAsync(page);
        var frame = page.FrameLocator("iframe.agreement");
        await frame.Locator("#agree").WaitForAsync();
        await page.VerifyAsync($"shop-agreement-{language}");
        await page.EvaluateAsync("() => { window.same = true; }");

        await frame.Locator("#agree").PressAsync("Space");
        await frame.Locator("#accept").PressAsync("Enter");

        await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).Filter(new() { HasText = thanks }).WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => window.same === true"));
        await page.VerifyAsync($"shop-done-{language}");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Buy_LinkOpenedBySomebodyElse_FinishesInTheShop(string language)
    {
        await shop.ResetAsync();
        var page = await chromium.OpenAsync(new Look(language));
        await OrderAsync(page, language);
        await AskAsync(page);
        var link = await page.Locator("#link").InputValueAsync();

        var other = await chromium.OpenAsync(Look.Phone(language));
        await other.GotoAsync(link);
        await other.Locator("#agree").CheckAsync();
        await other.Locator("#accept").ClickAsync();
        await other.Locator("[role=status].good").WaitForAsync();

        // The shop asks by itself every three seconds.
        await page.Locator(".good").WaitForAsync();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Buy_Declined_SaysSoAndOffersToAskAgain(string language)
    {
        await shop.ResetAsync();
        var page = await chromium.OpenAsync(new Look(language));
        await OrderAsync(page, language);
        await AskAsync(page);
        var frame = page.FrameLocator("iframe.agreement");

        // By keyboard: a click at the edge of a scrolled frame does not always arrive in a browser without a window.
        await frame.Locator("details:has(#reason) > summary").PressAsync("Enter");
        await frame.Locator("#reason").FillAsync("Not me");
        await frame.Locator("button[value=decline]").PressAsync("Enter");

        await page.Locator("#email").WaitForAsync();
        await page.VerifyAsync($"shop-declined-{language}");
    }

    [Fact]
    public async Task Buy_WithoutJavaScript_WorksByForms()
    {
        await shop.ResetAsync();
        var page = await chromium.OpenAsync(new Look { JavaScript = false });
        await OrderAsync(page, "en");
        await AskAsync(page);
        var frame = page.FrameLocator("iframe.agreement");
        await frame.Locator("#agree").CheckAsync();
        await frame.Locator("#accept").ClickAsync();
        await frame.Locator("[role=status].good").WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Check again" }).ClickAsync();

        await page.Locator(".good").WaitForAsync();
        await page.PictureAsync("shop-done-without-javascript");
    }

    [Fact]
    public async Task Buy_ByKeyboardAlone_ReachesTheOrder()
    {
        await shop.ResetAsync();
        var page = await chromium.OpenAsync();
        await page.GotoAsync(shop.Url + "/?lang=en");
        await TabToAsync(page, "customer");
        await page.Locator("#customer").SelectOptionAsync(new SelectOptionValue { Label = Never });
        await TabToAsync(page, "quantity");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#lastName").WaitForAsync();
        foreach (var (field, value) in new[] { ("lastName", "Sato"), ("firstName", "Hanako"), ("email", "hanako@customer.example") })
        {
            await TabToAsync(page, field);
            await page.Keyboard.TypeAsync(value);
        }

        await page.Keyboard.PressAsync("Enter");
        await page.FrameLocator("iframe.agreement").Locator("#agree").WaitForAsync();
        await TabToAsync(page, "agree");
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, "accept");
        await page.Keyboard.PressAsync("Enter");

        await page.Locator(".good").WaitForAsync();
    }

    /// <summary>Other windows and frames may send what they like: only the API's answer finishes an order.</summary>
    [Fact]
    public async Task Buy_ForgedMessages_ChangeNothing()
    {
        await shop.ResetAsync();
        var page = await chromium.OpenAsync();
        await OrderAsync(page, "en");
        await AskAsync(page);
        await page.FrameLocator("iframe.agreement").Locator("#agree").WaitForAsync();

        await page.EvaluateAsync("""
            () => {
              const frame = document.querySelector("iframe.agreement");
              const nonces = [frame.dataset.nonce, "", "x", null, 1];
              for (let i = 0; i < 50; i++) {
                const data = { v: i % 3, type: i % 2 ? "accepted" : "declined", attestationId: "x", nonce: nonces[i % 5] };
                window.postMessage(i % 7 === 0 ? JSON.stringify(data) : data, "*");
              }
            }
            """);
        await page.WaitForTimeoutAsync(3500);

        Assert.Equal("Waiting", await page.Locator("iframe.agreement").GetAttributeAsync("data-now"));
        Assert.Equal(0, await page.Locator(".good").CountAsync());
    }

    private async Task OrderAsync(IPage page, string language)
    {
        await page.GotoAsync($"{shop.Url}/?lang={language}");
        await page.PictureAsync($"shop-cart-{language}");
        await page.Locator("#customer").SelectOptionAsync(new SelectOptionValue { Label = Never });
        await page.Locator("main button").ClickAsync();
        await page.Locator("#lastName").WaitForAsync();
        await page.PictureAsync($"shop-refused-{language}");
    }

    private static async Task AskAsync(IPage page)
    {
        await page.Locator("#lastName").FillAsync("佐藤");
        await page.Locator("#firstName").FillAsync("花子");
        await page.Locator("#email").FillAsync("hanako.sato@customer.example");
        await page.Locator("main button").ClickAsync();
        await page.Locator("iframe.agreement").WaitForAsync();
    }

    /// <summary>Presses Tab until the element of that id, in the page or its frame, has the focus.</summary>
    private static async Task TabToAsync(IPage page, string id)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            foreach (var frame in page.Frames)
            {
                if (await frame.EvaluateAsync<string?>("() => document.activeElement?.id ?? null") == id)
                {
                    return;
                }
            }
        }

        Assert.Fail($"Tab does not reach {id}.");
    }
}
