using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Concordat.Browser.Tests.Chromium))]

namespace Concordat.Browser.Tests;

/// <summary>How a test looks at a page.</summary>
/// <param name="Language">What the browser asks for: <c>en</c>, <c>ja</c>.</param>
public sealed record Look(string Language = "en")
{
    public bool JavaScript { get; init; } = true;

    public bool Dark { get; init; }

    public int Width { get; init; } = 1280;

    public int Height { get; init; } = 900;

    /// <summary>320 pixels wide: a small phone, and what 1280 pixels are at a zoom of 400 %.</summary>
    public static Look Phone(string language) => new(language) { Width = 320, Height = 640 };
}

/// <summary>
/// The system's Chromium, started once for all tests; each test gets a context of its own (no cookie, no cache in common).
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CONCORDAT_TEST_CHROMIUM") ?? "/usr/bin/chromium",
            // Nothing is asked of the network; --no-sandbox because CI runs as root.
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
            ],
        });
    }

    /// <summary>A new context with one page in it; dispose the context by <c>page.Context.CloseAsync()</c>, or let the end of the run do it.</summary>
    public async Task<IPage> OpenAsync(Look? look = null)
    {
        look ??= new Look();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            Locale = look.Language,
            JavaScriptEnabled = look.JavaScript,
            ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(30_000);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
