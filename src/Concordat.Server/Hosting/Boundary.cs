using Concordat.Core;
using Concordat.Core.Policy;
using Microsoft.AspNetCore.Connections;

namespace Concordat.Server.Hosting;

/// <summary>
/// Around every call: doubled slashes count as one (two SDKs send them), the headers of every answer are set, and whatever
/// ends without an answer of ours (an unknown path, a wrong method, a bug) gets the error body of the surface whose path it
/// is. A bug's details go to the log under the request id, never to the caller.
/// </summary>
internal sealed class Boundary(IReadOnlyList<(string Path, Edge Edge)> surfaces, IdSource ids, ILogger log)
{
    public Task RunAsync(HttpContext http, RequestDelegate next)
    {
        Collapse(http.Request);
        var edge = EdgeOf(http.Request.Path);
        ResponseHeaders.Set(http, ids, edge?.Headers ?? AnswerHeaders.RequestIdOnly);
        if (edge is null)
        {
            return next(http);
        }

        var answering = StartAsync(http, next);
        // Most reads are answered by now; they need no state machine.
        return answering.IsCompletedSuccessfully && (http.Response.HasStarted || http.Response.StatusCode == 200)
            ? Task.CompletedTask
            : FinishAsync(http, answering, edge);
    }

    private static Task StartAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            return next(http);
        }
        catch (Exception error)
        {
            return Task.FromException(error);
        }
    }

    private async Task FinishAsync(HttpContext http, Task answering, Edge edge)
    {
        Problem? problem;
        try
        {
            await answering;
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
            await edge.RefuseAsync(http, problem, Switches.Default);
        }
    }

    private Edge? EdgeOf(PathString path)
    {
        foreach (var (prefix, edge) in surfaces)
        {
            if (path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return edge;
            }
        }

        return null;
    }

    private static void Collapse(HttpRequest request)
    {
        var path = request.Path.Value!;
        if (!path.Contains("//", StringComparison.Ordinal))
        {
            return;
        }

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
