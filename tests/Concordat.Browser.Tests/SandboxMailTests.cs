using System.Globalization;
using Concordat.Core;
using Concordat.Server.Tests;
using Microsoft.Playwright;

namespace Concordat.Browser.Tests;

/// <summary>The sandbox's mailbox: empty, with mails in both languages, and one of each.</summary>
public sealed class SandboxMailTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync("sqlite");

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Mailbox_EmptyThenWithMails_ShowsListAndEachMail(string language)
    {
        var pages = new List<(string Kind, IPage Page)> { ("", await chromium.OpenAsync(new Look(language))), ("-phone-dark", await chromium.OpenAsync(Look.Phone(language) with { Dark = true })) };
        foreach (var (kind, page) in pages)
        {
            await page.GotoAsync(server.BaseUrl + "/sandbox/mail");
            Assert.Equal(0, await page.Locator("tbody tr").CountAsync());
            await page.VerifyAsync($"sandbox-mails-empty{kind}-{language}");
        }

        await ConfirmAsync(TestServer.Customer("never"), "hanako.ja@customer.example");
        await ConfirmAsync(TestServer.Customer("direct-and-attested"), "hanako.en@customer.example");
        await Until.TrueAsync(() => server.Parts.Mailbox!.All.Count == 2);
        foreach (var (kind, page) in pages)
        {
            await page.ReloadAsync();
            Assert.Equal(2, await page.Locator("tbody tr").CountAsync());
            await page.VerifyAsync($"sandbox-mails{kind}-{language}");
            foreach (var written in (string[])["en", "ja"])
            {
                await page.GotoAsync(server.BaseUrl + "/sandbox/mail");
                await page.Locator("tbody tr").Filter(new() { HasText = $"hanako.{written}@" }).GetByRole(AriaRole.Link).ClickAsync();
                Assert.Equal(written, await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).GetAttributeAsync("lang"));
                Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
                var mail = page.FrameLocator("iframe.mail").Locator("body");
                Assert.Contains($"hanako.{written}@customer.example", await mail.InnerTextAsync(), StringComparison.Ordinal);
                await page.Locator("summary").ClickAsync();
                await page.VerifyAsync(string.Create(CultureInfo.InvariantCulture, $"sandbox-mail-in-{written}{kind}-{language}"));
            }

            await page.Context.CloseAsync();
        }
    }

    private async Task ConfirmAsync(CustomerId customer, string email) =>
        Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation(email))).Status);
}
