using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Microsoft.AspNetCore.Connections;

namespace Concordat.Server.PartnerCenter;

/// <summary>
/// Around every call: doubled slashes count as one (two SDKs send them), the headers of every answer are set, and whatever
/// ends without an answer of ours (an unknown path, a wrong method, a bug) gets the fault envelope. A bug's details go to
/// the log under the request id, never to the caller.
/// </summary>
internal static class WireBoundary
{
    public static async Task RunAsync(HttpContext http, RequestDelegate next, Parts parts, ILogger log)
    {
        Collapse(http.Request);
        ResponseHeaders.Set(http, parts.Context.Ids);
        if (!http.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase))
        {
            await next(http);
            return;
        }

        Problem? problem;
        try
        {
            await next(http);
            problem = http.Response.HasStarted ? null : ProblemOf(http.Response);
        }
        catch (Exception error) when (error is ConnectionResetException
            || (error is OperationCanceledException && http.RequestAborted.IsCancellationRequested))
        {
            // The client is gone: there is nobody to answer, and no fault of ours to log.
            return;
        }
        catch (Exception error)
        {
            problem = EdgeFailure.Of(error, log, ResponseHeaders.RequestId(http));
        }

        if (problem is not null && !http.Response.HasStarted)
        {
            await WireError.WriteAsync(http, problem, Switches.Default);
        }
    }

    private static void Collapse(HttpRequest request)
    {
        var path = request.Path.Value!;
        while (path.Contains("//", StringComparison.Ordinal))
        {
            path = path.Replace("//", "/", StringComparison.Ordinal);
        }

        request.Path = path;
    }

    /// <summary>Statuses that the framework set by itself, which come without a body.</summary>
    private static Problem? ProblemOf(HttpResponse response) => response.ContentLength > 0 ? null : response.StatusCode switch
    {
        404 when response.ContentLength is null => new Problem(ProblemCode.NotFound, "There is no such resource."),
        405 => new Problem(ProblemCode.MethodNotAllowed, "The resource exists, but not with this method."),
        413 => new Problem(ProblemCode.BodyTooLarge, "The body exceeds 1 MiB."),
        415 => new Problem(ProblemCode.UnsupportedMediaType, "Send the body as application/json."),
        400 => new Problem(ProblemCode.MalformedBody, "The request is not well-formed."),
        >= 500 => new Problem(ProblemCode.Internal, "Something failed on our side. Quote the request id."),
        _ => null,
    };
}
