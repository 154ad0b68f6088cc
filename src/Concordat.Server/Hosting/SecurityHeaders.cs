namespace Concordat.Server.Hosting;

/// <summary>
/// What browsers are told about everything outside <c>/v1</c> (whose headers are the emulated service's): never guess a
/// type, run nothing, frame nothing, keep nothing, tell no other site where somebody came from. A page that needs more
/// says so itself.
/// </summary>
internal static class SecurityHeaders
{
    private const string Nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static Task RunAsync(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase))
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.ContentSecurityPolicy = Nothing;
            headers.CacheControl = "no-store";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            if (http.Request.IsHttps)
            {
                // Two years, as browsers' preload lists ask for.
                headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
            }
        }

        return next(http);
    }

    /// <summary>
    /// What a page of ours may do: our own style, script and pictures, forms to ourselves, and be framed by
    /// <paramref name="framedBy"/> only: exact origins, none by default.
    /// </summary>
    public static void AllowPage(HttpContext http, params IReadOnlyCollection<string> framedBy)
    {
        var ancestors = framedBy.Count == 0 ? "'none'" : string.Join(' ', framedBy);
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
            + $"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}";
        if (framedBy.Count == 0)
        {
            http.Response.Headers.XFrameOptions = "DENY";
        }
        else
        {
            http.Response.Headers.Remove("X-Frame-Options");
            // A framed page that opens itself in a window of its own must stay reachable for the shop that framed it.
            http.Response.Headers.Remove("Cross-Origin-Opener-Policy");
        }
    }
}
