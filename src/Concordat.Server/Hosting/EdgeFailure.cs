using System.Data.Common;
using Concordat.Core;

namespace Concordat.Server.Hosting;

/// <summary>What an exception becomes at the process edge, the only place that catches one.</summary>
internal static class EdgeFailure
{
    public static Problem Of(Exception error, ILogger log, string requestId)
    {
        switch (error)
        {
            case BadHttpRequestException { StatusCode: 413 }:
                return new Problem(ProblemCode.BodyTooLarge, "The body exceeds 1 MiB.");
            case BadHttpRequestException:
                return new Problem(ProblemCode.MalformedBody, "The request is not well-formed.");
            case DbException or TimeoutException:
                // Whether it happened is unknown: the same request id resolves it.
                LogEvents.DatabaseFailed(log, error, requestId);
                return new Problem(ProblemCode.Overloaded, "The database does not answer. Repeat the request with the same request id.")
                {
                    RetryAfter = TimeSpan.FromSeconds(5),
                };
            default:
                LogEvents.BugShown(log, error, requestId);
                return new Problem(ProblemCode.Internal, "Something failed on our side. Quote the request id.");
        }
    }
}
