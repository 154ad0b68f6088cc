using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Concordat.Core;

namespace Concordat.Server.Hosting;

/// <summary>How JSON is read and written on the wire.</summary>
internal static class JsonBody
{
    /// <summary>Objects and arrays inside each other; the deepest body that a known client sends has five levels.</summary>
    public const int MaxDepth = 16;

    private const int LongestPath = 100;

    /// <summary>Compact, text in other scripts unescaped: the bytes are JSON, never put into a page.</summary>
    public static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.[]");

    private static readonly ConcurrentDictionary<JsonTypeInfo, JsonTypeInfo> Strict = new();

    /// <summary>
    /// Binds <paramref name="body"/>; a leading byte order mark is skipped. A member that comes twice is refused, in
    /// whatever casing: what is recorded as evidence must not depend on which of the two a reader takes. Nothing of the body
    /// is repeated in the message: it may hold a person's data.
    /// </summary>
    public static Outcome<T> Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
    {
        if (body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            body = body[3..];
        }

        // The reader checks the texts that it binds; this checks those that it skips.
        if (!Utf8.IsValid(body))
        {
            return new Problem(ProblemCode.MalformedBody, "The body is not UTF-8.");
        }

        try
        {
            return JsonSerializer.Deserialize(body, (JsonTypeInfo<T>)Strict.GetOrAdd(type, ToStrict)) is { } value
                ? value
                : new Problem(ProblemCode.MalformedBody, "The body is empty; a JSON object is needed.");
        }
        catch (JsonException error)
        {
            var path = FieldOf(error.Path);
            return new Problem(ProblemCode.MalformedBody, path is null
                ? "The body is not well-formed JSON of the expected shape."
                : "A field of the body has the wrong type or is not well-formed.", path);
        }
    }

    /// <summary>The path without its root; null for one that a client's own odd member names make up.</summary>
    private static string? FieldOf(string? path) =>
        path is { Length: > 2 and <= LongestPath } && path.AsSpan(2).IndexOfAnyExcept(PathCharacters) < 0 ? path[2..] : null;

    private static JsonTypeInfo ToStrict(JsonTypeInfo type) =>
        new JsonSerializerOptions(type.Options) { AllowDuplicateProperties = false, MaxDepth = MaxDepth }.GetTypeInfo(type.Type);
}
