using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.WebEncoders;

namespace Concordat.Server.Hosting.Pages;

/// <summary>
/// Razor Pages as this project uses them: a page lies in its edge's folder, names its own address with <c>@page</c>, and
/// gets what it needs by its constructor (<see cref="Parts"/>). The framework's own anti-forgery cookie is off: the acceptance
/// page works without cookies, and signed-in pages bind their forms to the session.
/// </summary>
internal static class PageSetup
{
    public static void Add(IServiceCollection services, Parts parts)
    {
        services.AddSingleton(parts);
        // Otherwise every character outside Latin is written as a number.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddRazorPages(pages =>
        {
            pages.RootDirectory = "/";
            pages.Conventions.ConfigureFilter(new IgnoreAntiforgeryTokenAttribute());
            pages.Conventions.ConfigureFilter(new PageHeaders());
        });
    }

    /// <summary>Readable errors for everything that is no API; put before the routing.</summary>
    public static void UseErrors(WebApplication app)
    {
        app.UseWhen(http => !IsApi(http.Request.Path), pages =>
        {
            pages.UseExceptionHandler("/error");
            pages.UseStatusCodePagesWithReExecute("/error");
        });
    }

    public static void Map(WebApplication app)
    {
        PageAssets.Map(app);
        app.MapRazorPages();
    }

    private static bool IsApi(PathString path) =>
        path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/ledger", StringComparison.OrdinalIgnoreCase);

    /// <summary>What every page may do, before it is carried out; a page that may be framed says so afterwards.</summary>
    private sealed class PageHeaders : IResourceFilter
    {
        public void OnResourceExecuting(ResourceExecutingContext context) => SecurityHeaders.AllowPage(context.HttpContext);

        public void OnResourceExecuted(ResourceExecutedContext context)
        {
        }
    }
}
