using Concordat.Server.Tests;
using Microsoft.Playwright;

namespace Concordat.Browser.Tests;

/// <summary>Signing in and out in Chromium, which also shows that it keeps our cookies on the loopback address.</summary>
public sealed class SignInPageTests(Chromium chromium)
{
    [Theory]
    [InlineData("en", "Admin agent", "Sign out", true)]
    [InlineData("ja", "管理エージェント", "サインアウト", true)]
    [InlineData("en", "Admin agent", "Sign out", false)]
    public async Task SignIn_ByAButton_OpensThePageThatWasAskedForUntilSigningOut(string language, string role, string signOut, bool javaScript)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var page = await chromium.OpenAsync(new Look(language) { JavaScript = javaScript });

        await page.GotoAsync(server.BaseUrl + "/account");
        Assert.Contains("/oauth2/v2.0/authorize", page.Url, StringComparison.Ordinal);
        if (javaScript)
        {
            await page.VerifyAsync($"sign-in-{language}");
        }

        await page.GetByRole(AriaRole.Button, new() { Name = role }).First.ClickAsync();
        Assert.Equal(server.BaseUrl + "/account", page.Url);
        Assert.Contains(role, await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        if (javaScript)
        {
            await page.VerifyAsync($"account-{language}");
        }

        await page.GetByRole(AriaRole.Button, new() { Name = signOut, Exact = true }).ClickAsync();
        Assert.Equal(server.BaseUrl + "/signedout", page.Url);
        await page.GotoAsync(server.BaseUrl + "/account");
        Assert.Contains("/oauth2/v2.0/authorize", page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task SignIn_WrongPassword_SaysSo(string language)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var page = await chromium.OpenAsync(Look.Phone(language));
        await page.GotoAsync(server.BaseUrl + "/account");

        await page.Locator("#username").FillAsync("admin@aozora-cloud.example");
        await page.Locator("#password").FillAsync("wrong");
        await page.Locator("button[name=withPassword]").ClickAsync();

        Assert.True(await page.GetByRole(AriaRole.Alert).IsVisibleAsync());
        await page.VerifyAsync($"sign-in-wrong-phone-{language}");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Failed_EveryReason_IsExplained(string language)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var page = await chromium.OpenAsync(new Look(language));
        foreach (var reason in (string[])["Stale", "Denied", "Invalid", "Unavailable", "UnknownTenant", "NoRole", "Guest", "SecondFactor", "OtherPerson"])
        {
            await page.GotoAsync($"{server.BaseUrl}/signin/failed?why={reason}");
            await page.VerifyAsync($"sign-in-failed-{reason.ToLowerInvariant()}-{language}");
        }
    }
}
