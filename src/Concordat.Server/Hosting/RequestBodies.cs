using System.Buffers;
using System.IO.Pipelines;
using Concordat.Core;

namespace Concordat.Server.Hosting;

/// <summary>Reads request bodies whole, chunked or not, up to a limit.</summary>
internal static class RequestBodies
{
    /// <summary>Largest body in bytes.</summary>
    public const int Limit = 1024 * 1024;

    public static async ValueTask<Outcome<ReadOnlyMemory<byte>>> ReadAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            ReadResult result;
            try
            {
                result = await reader.ReadAsync(http.RequestAborted);
            }
            catch (BadHttpRequestException error)
            {
                return error.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? TooLarge()
                    : new Problem(ProblemCode.MalformedBody, "The body broke off or was framed wrongly.");
            }

            if (result.Buffer.Length > Limit)
            {
                reader.AdvanceTo(result.Buffer.End);
                return TooLarge();
            }

            if (result.IsCompleted)
            {
                ReadOnlyMemory<byte> body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return body;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static Problem TooLarge() => new(ProblemCode.BodyTooLarge, "The body exceeds 1 MiB.");
}
