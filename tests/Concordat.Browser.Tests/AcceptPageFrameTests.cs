using Concordat.Core.Agreements;
using Concordat.Server.Operations;
using Concordat.Server.Storage;
using Concordat.Server.Tests;

namespace Concordat.Browser.Tests;

public sealed class AcceptPageFrameTests(Chromium chromium)
{
    [Fact]
    public async Task Framed_ByAnEmbeddingOrigin_AnswersAndTellsTheShop()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        await using var shop = Shop.Open();
        await AdmitAsync(server, shop.Origin);
        var id = await Attesting.CreateAsync(server);
        shop.Frame($"{server.BaseUrl}{Attesting.PathOf(id)}&origin={Uri.EscapeDataString(shop.Origin)}&nonce=abc-1");
        var page = await chromium.OpenAsync();

        await page.GotoAsync(shop.Origin);
        var frame = page.FrameLocator("iframe");
        await frame.Locator("#agree").CheckAsync();
        await frame.Locator("#accept").ScrollIntoViewIfNeededAsync();
        await page.WaitForTimeoutAsync(400);
        await frame.Locator("#accept").ClickAsync();
        await frame.GetByText("Agreement accepted").WaitForAsync();

        Assert.Equal(AttestationState.Accepted, await Attesting.StateAsync(server, id));
        var heard = await page.EvaluateAsync<string[]>("() => heard.map((m) => [m.origin, m.data.v, m.data.type, m.data.attestationId, m.data.nonce].join(' '))");
        Assert.Contains($"{server.BaseUrl} 1 shown {id} abc-1", heard);
        Assert.Contains($"{server.BaseUrl} 1 accepted {id} abc-1", heard);
        Assert.Contains($"{server.BaseUrl} 1 height {id} abc-1", heard);
        Assert.Empty(await page.Context.CookiesAsync());
        var disclosed = await Attesting.DisclosedAsync(server, id);
        Assert.Equal(("framed", "yes", "visible"), (disclosed["frame"], disclosed["userActivation"], disclosed["buttonVisibility"]));
        await page.PictureAsync("accept-framed-accepted");
    }

    [Fact]
    public async Task Framed_ByAForeignOrigin_IsBlocked()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        await using var shop = Shop.Open();
        await using var evil = Shop.Open();
        await AdmitAsync(server, shop.Origin);
        var id = await Attesting.CreateAsync(server);
        evil.Frame($"{server.BaseUrl}{Attesting.PathOf(id)}&origin={Uri.EscapeDataString(shop.Origin)}&nonce=abc");
        var page = await chromium.OpenAsync();
        var refused = new TaskCompletionSource<string>();
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("frame-ancestors", StringComparison.Ordinal))
            {
                refused.TrySetResult(message.Text);
            }
        };

        await page.GotoAsync(evil.Origin);

        await refused.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(0, await page.FrameLocator("iframe").Locator("#accept").CountAsync());
        Assert.Empty(await page.EvaluateAsync<string[]>("() => heard.map((m) => m.origin)"));
    }

    [Fact]
    public async Task Framed_FiftyForgedMessages_ChangeNothing()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        await using var shop = Shop.Open();
        await AdmitAsync(server, shop.Origin);
        var id = await Attesting.CreateAsync(server);
        shop.Frame($"{server.BaseUrl}{Attesting.PathOf(id)}&origin={Uri.EscapeDataString(shop.Origin)}&nonce=abc");
        var page = await chromium.OpenAsync();
        await page.GotoAsync(shop.Origin);
        var frame = page.FrameLocator("iframe");
        await frame.Locator("#accept").WaitForAsync();
        var before = await frame.Locator("main").InnerHTMLAsync();

        await page.EvaluateAsync("""
            (id) => {
              const frame = document.querySelector('iframe').contentWindow;
              const types = ['accepted', 'declined', 'shown', 'height', 'accept', 'submit', 'eval', '', null, 1];
              for (let i = 0; i < 50; i++) {
                frame.postMessage({ v: 1, type: types[i % 10], do: 'accept', agree: 'yes', attestationId: id, nonce: 'abc', code: 'document.forms[0].submit()' }, '*');
              }
            }
            """, id.ToString());
        await page.WaitForTimeoutAsync(500);

        Assert.Equal(before, await frame.Locator("main").InnerHTMLAsync());
        Assert.Equal(AttestationState.Pending, await Attesting.StateAsync(server, id));
    }

    [Fact]
    public async Task Framed_TooSmallOrCovered_OffersAWindowOfItsOwn()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        await using var shop = Shop.Open();
        await AdmitAsync(server, shop.Origin);
        var id = await Attesting.CreateAsync(server);
        shop.Frame($"{server.BaseUrl}{Attesting.PathOf(id)}", width: 300, height: 200);
        var page = await chromium.OpenAsync();
        await page.GotoAsync(shop.Origin);
        var frame = page.FrameLocator("iframe");

        await frame.Locator("#agree").CheckAsync();
        await frame.Locator("#accept").ClickAsync();
        await frame.Locator("#hidden").WaitForAsync();

        Assert.Equal(AttestationState.Pending, await Attesting.StateAsync(server, id));
        var window = await page.Context.RunAndWaitForPageAsync(() => frame.Locator("#hidden a").ClickAsync());
        await window.Locator("#agree").CheckAsync();
        await window.Locator("#accept").ClickAsync();
        await window.GetByText("Agreement accepted").WaitForAsync();
        Assert.Equal(AttestationState.Accepted, await Attesting.StateAsync(server, id));
    }

    private static async Task AdmitAsync(TestServer server, string origin)
    {
        var rows = await server.Parts.Database.ReadEverythingAsync(PartnerRows.AllAsync);
        var changed = rows.Single(row => row.Id == TestServer.Partner("aozora").Id) with { EmbeddingOrigins = origin };
        _ = (await server.Parts.Context.Loop.RunAsync(new SaveDirectory([changed], [], []))).Value;
        await server.Parts.Directory.RefreshAsync();
    }
}
