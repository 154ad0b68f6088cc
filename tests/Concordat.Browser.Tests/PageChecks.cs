using System.Text.Json;
using Microsoft.Playwright;

namespace Concordat.Browser.Tests;

/// <summary>What must hold on every page in every state.</summary>
internal static class PageChecks
{
    private static readonly string Root = FindRoot();
    private static readonly Lazy<string> Axe = new(() =>
        File.ReadAllText(Path.Combine(Root, "tests", "node", "node_modules", "axe-core", "axe.min.js")));

    /// <summary>
    /// No violation of axe-core's rules, no raw resource key, nothing wider than the window; and a picture in
    /// artifacts/screenshots, to be looked at.
    /// </summary>
    public static async Task VerifyAsync(this IPage page, string name)
    {
        await page.PictureAsync(name);
        await page.EvaluateAsync(Axe.Value);
        var found = await page.EvaluateAsync<JsonElement>("() => axe.run(document, { resultTypes: ['violations'] })");
        Assert.Empty(found.GetProperty("violations").EnumerateArray().Select(violation =>
            $"{name}: {violation.GetProperty("id")}: {violation.GetProperty("help")}: {violation.GetProperty("nodes")[0].GetProperty("html")}"));
        var wide = await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1");
        Assert.False(wide, $"{name} is wider than its window.");
    }

    /// <summary>The whole page as artifacts/screenshots/<paramref name="name"/>.png; works without JavaScript.</summary>
    public static Task PictureAsync(this IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(Root, "artifacts", "screenshots", name + ".png"),
        FullPage = true,
    });

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Concordat.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
