using System.Buffers;
using System.IO.Pipelines;
using Concordat.Core;
using Microsoft.Net.Http.Headers;

namespace Concordat.Server.Hosting;

/// <summary>
/// Reads request bodies whole, chunked or not, up to a limit. A body is JSON whatever its content type says, because clients
/// are careless there; only what cannot be JSON is refused by its label.
/// </summary>
internal static class RequestBodies
{
    /// <summary>Largest body in bytes.</summary>
    public const int Limit = 1024 * 1024;

    public static async ValueTask<Outcome<ReadOnlyMemory<byte>>> ReadAsync(HttpContext http)
    {
        if (LabelFault(http.Request) is { } unsupported)
        {
            return unsupported;
        }

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

    private static Problem? LabelFault(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return new Problem(ProblemCode.UnsupportedMediaType, "Send the body uncompressed: no Content-Encoding is taken.", "Content-Encoding");
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return null;
        }

        var foreign = type.SubType.Equals("xml", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("xml", StringComparison.OrdinalIgnoreCase)
            || type.SubType.Equals("x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            || type.Type.Equals("multipart", StringComparison.OrdinalIgnoreCase);
        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        var unicode = !charset.HasValue || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase) || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase);
        return foreign || !unicode
            ? new Problem(ProblemCode.UnsupportedMediaType, "Send the body as application/json in UTF-8.", "Content-Type")
            : null;
    }

    private static Problem TooLarge() => new(ProblemCode.BodyTooLarge, "The body exceeds 1 MiB.");
}
