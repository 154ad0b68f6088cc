using Microsoft.Extensions.Primitives;

namespace Concordat.Server.Hosting;

/// <summary>Which of the headers an answer carries.</summary>
internal enum AnswerHeaders
{
    /// <summary>Everything that the real service sends.</summary>
    PartnerCenter,

    /// <summary>The request id alone, as on our own surfaces.</summary>
    RequestIdOnly,
}

/// <summary>
/// The headers of every answer: the request's ids echoed as they came (a list stays a list), made up when absent, and
/// what the real service adds (seen in recorded traffic).
/// </summary>
internal static class ResponseHeaders
{
    private const string RequestIdHeader = "MS-RequestId";
    private const string CorrelationIdHeader = "MS-CorrelationId";

    // A deployment needs no per-node identity on the wire; the recorded service sends small numbers here.
    private const string ServerId = "1";
    private const string RequestContext = "appId=cid-v1:00000000-0000-0000-0000-000000000000";

    /// <summary>The answer's request id; the first element identifies the request.</summary>
    public static string RequestId(HttpContext http) => http.Response.Headers[RequestIdHeader].ToString();

    /// <summary>Sets them before anything is written.</summary>
    public static void Set(HttpContext http, IdSource ids, AnswerHeaders headers)
    {
        var from = http.Request.Headers;
        var to = http.Response.Headers;
        to[RequestIdHeader] = Echo(from[RequestIdHeader], ids);
        if (headers == AnswerHeaders.RequestIdOnly)
        {
            return;
        }

        to[CorrelationIdHeader] = Echo(from[CorrelationIdHeader], ids);
        to["MS-CV"] = NewVector(ids);
        to["MS-ServerId"] = ServerId;
        to["Request-Context"] = RequestContext;
        to["X-Locale"] = from.TryGetValue("X-Locale", out var locale) && locale.Count > 0 && IsTag(locale[0]) ? locale[0] : "en-US";
    }

    /// <summary>The id a client sent, as it is; several header lines become one list.</summary>
    private static string Echo(StringValues sent, IdSource ids)
    {
        var text = sent.Count == 1 ? sent[0] : sent.Count > 1 ? string.Join(", ", sent.ToArray()) : null;
        return text is { Length: > 0 and <= 1024 } && text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? text : ids.NewId().ToString("D");
    }

    // 16 base64 characters and ".0", as recorded.
    private static string NewVector(IdSource ids)
    {
        Span<byte> bytes = stackalloc byte[12];
        ids.Fill(bytes);
        Span<char> text = stackalloc char[18];
        Convert.TryToBase64Chars(bytes, text, out _);
        ".0".CopyTo(text[16..]);
        return new string(text);
    }

    private static bool IsTag(string? text) =>
        text is { Length: > 0 and <= 35 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or ',');
}
