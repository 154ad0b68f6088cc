using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Concordat.Core;

namespace Concordat.Server.Hosting;

/// <summary>How JSON is read and written on the wire.</summary>
internal static class JsonBody
{
    /// <summary>Compact, text in other scripts unescaped: the bytes are JSON, never put into a page.</summary>
    public static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Binds <paramref name="body"/>; a leading byte order mark is skipped. Nothing of the body is repeated in the message:
    /// it may hold a person's data.
    /// </summary>
    public static Outcome<T> Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
    {
        if (body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            body = body[3..];
        }

        try
        {
            return JsonSerializer.Deserialize(body, type) is { } value
                ? value
                : new Problem(ProblemCode.MalformedBody, "The body is empty; a JSON object is needed.");
        }
        catch (JsonException error)
        {
            var path = error.Path is { Length: > 2 } at ? at[2..] : null;
            return new Problem(ProblemCode.MalformedBody, path is null
                ? "The body is not well-formed JSON of the expected shape."
                : "A field of the body has the wrong type or is not well-formed.", path);
        }
    }
}
