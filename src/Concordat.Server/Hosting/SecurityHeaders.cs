namespace Concordat.Server.Hosting;

/// <summary>
/// What browsers are told about everything outside <c>/v1</c> (whose headers are the emulated service's): never guess a
/// type, run nothing, frame nothing, keep nothing. A page that needs more says so itself.
/// </summary>
internal static class SecurityHeaders
{
    public static Task RunAsync(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase))
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            headers.CacheControl = "no-store";
        }

        return next(http);
    }
}
