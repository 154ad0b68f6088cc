using System.Diagnostics;

namespace Concordat.Server.Hosting;

/// <summary>A span and a measurement per request. Stands in the pipeline only when telemetry is exported.</summary>
internal static class RequestTelemetry
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    public static async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        var method = Methods.Contains(http.Request.Method) ? http.Request.Method : "_OTHER";
        // The framework's own activity is never recorded, and would make a parent that keeps ours from being so.
        Activity.Current = null;
        // The caller's tracestate is not taken over: it may say anything.
        ActivityContext.TryParse(http.Request.Headers.TraceParent, null, isRemote: true, out var parent);
        using var activity = Telemetry.Source.StartActivity(ActivityKind.Server, parent, name: method);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unknown";
            Telemetry.CountRequest(method, route, http.Response.StatusCode, Stopwatch.GetElapsedTime(started));
            if (activity is not null)
            {
                activity.DisplayName = $"{method} {route}";
                activity.SetTag("http.request.method", method);
                activity.SetTag("http.route", route);
                activity.SetTag("http.response.status_code", http.Response.StatusCode);
                activity.SetStatus(http.Response.StatusCode >= 500 ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
            }
        }
    }
}
