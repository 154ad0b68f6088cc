using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Concordat.Server.Tests.BadInput;

/// <summary>A request down to its bytes.</summary>
/// <param name="Line">Method and target.</param>
/// <param name="Headers">Besides Host, Authorization and Connection.</param>
/// <param name="Body">What follows the headers (framed unless the headers say how).</param>
/// <param name="HangUp">The client goes away after the last byte.</param>
internal sealed record RawRequest(string Line, IReadOnlyList<string> Headers, byte[] Body, bool HangUp = false);

/// <summary>Makes the requests of the JSON and HTTP classes out of a good one.</summary>
internal static partial class HttpClasses
{
    private const string Json = "Content-Type: application/json";

    /// <summary>A call reads the first of these that its good body has; some bodies have a later one inside.</summary>
    private static readonly string[] Outermost =
        ["CustomerId", "explain", "templateId", "AssociatedPartnerId", "Culture", "lineItems", "friendlyName", "Country", "companyName"];

    private static readonly Dictionary<string, Func<byte[], byte[]>> Bodies = new()
    {
        ["empty"] = _ => [],
        ["blanks only"] = _ => " \r\n\t "u8.ToArray(),
        ["trailing comma"] = good => [.. good[..^1], (byte)',', good[^1]],
        ["garbage after the end"] = good => [.. good, .. "x"u8],
        ["two documents"] = good => [.. good, .. good],
        ["a member twice"] = good => Member(good, Twice(good)),
        ["a member in two casings"] = good => Member(good, Shouted(good)),
        ["comment"] = good => Member(good, "/* x */\"extra\":1"),
        ["NaN"] = good => Member(good, "\"extra\":NaN"),
        ["Infinity"] = good => Member(good, "\"extra\":-Infinity"),
        ["single quotes"] = good => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(good).Replace('"', '\'')),
        ["byte order mark"] = good => [0xEF, 0xBB, 0xBF, .. good],
        ["UTF-16"] = good => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(good)),
        ["UTF-32"] = good => Encoding.UTF32.GetBytes(Encoding.UTF8.GetString(good)),
        ["overlong UTF-8"] = good => Member(good, "\"extra\":\"", [0xC0, 0xAF], "\""),
        ["lone continuation byte"] = good => Member(good, "\"extra\":\"", [0x80], "\""),
        ["CESU-8"] = good => Member(good, "\"extra\":\"", [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], "\""),
        ["depth 16"] = good => Member(good, "\"extra\":" + Nested(15)),
        ["depth 17"] = good => Member(good, "\"extra\":" + Nested(16)),
        ["depth 64"] = good => Member(good, "\"extra\":" + Nested(63)),
        ["depth 10000"] = good => Member(good, "\"extra\":" + Nested(9_999)),
        ["1e400"] = good => Member(good, "\"extra\":1e400"),
        ["2^53+1"] = good => Member(good, "\"extra\":9007199254740993"),
        ["minus zero"] = good => Member(good, "\"extra\":-0"),
        ["unknown member"] = good => Member(good, "\"extra\":{\"a\":[1,null,\"x\"]}"),
        ["__proto__ and constructor"] = good => Member(good, "\"__proto__\":{\"admin\":true},\"constructor\":{\"prototype\":{}}"),
        ["$type"] = good => Member(good, "\"$type\":\"System.Diagnostics.Process\""),
        ["an array at the root"] = good => [.. "["u8, .. good, .. "]"u8],
        ["a string at the root"] = _ => "\"success\""u8.ToArray(),
        ["null at the root"] = _ => "null"u8.ToArray(),
        ["string of 10 MB"] = good => Member(good, $"\"extra\":\"{new string('x', 10 << 20)}\""),
        ["array of 1,000,000"] = good => Member(good, $"\"extra\":[{string.Join(',', Enumerable.Repeat("0", 1_000_000))}]"),
        ["array of 400,000"] = good => Member(good, $"\"extra\":[{string.Join(',', Enumerable.Repeat("0", 400_000))}]"),
        ["body of exactly 1 MiB"] = good => Padded(good, 1 << 20),
        ["body of 1 MiB and a byte"] = good => Padded(good, (1 << 20) + 1),
    };

    /// <summary>All requests of a class; most have one, truncation has one per byte.</summary>
    public static IEnumerable<RawRequest> Of(string name, string line, string body)
    {
        var good = Encoding.UTF8.GetBytes(body.Trim());
        if (Bodies.TryGetValue(name, out var spoil))
        {
            return [new RawRequest(line, [Json], spoil(good))];
        }

        var (method, path) = (line.Split(' ')[0], line.Split(' ')[1]);
        return name switch
        {
            "truncated at each byte" => Enumerable.Range(1, good.Length - 1).Select(length => new RawRequest(line, [Json], good[..length])),
            "chunked" => [new RawRequest(line, [Json, "Transfer-Encoding: chunked"], good)],
            "chunked past the limit" => [new RawRequest(line, [Json, "Transfer-Encoding: chunked"], Padded(good, 3 << 20))],
            "bad chunk size" => [new RawRequest(line, [Json, "Transfer-Encoding: chunked", "Content-Length: 5"], good)],
            "Content-Length too small" => [new RawRequest(line, [Json, $"Content-Length: {good.Length - 7}"], good)],
            "Content-Length too large, then gone" => [new RawRequest(line, [Json, $"Content-Length: {good.Length + 7}"], good, HangUp: true)],
            "Content-Length twice" => [new RawRequest(line, [Json, $"Content-Length: {good.Length}", "Content-Length: 1"], good)],
            "Content-Length negative" => [new RawRequest(line, [Json, "Content-Length: -1"], good)],
            "no Content-Type" => [new RawRequest(line, [], good)],
            "odd Content-Type" => [new RawRequest(line, ["Content-Type: foo"], good)],
            "charset=utf-7" => [new RawRequest(line, ["Content-Type: application/json; charset=utf-7"], good)],
            "XML" => [new RawRequest(line, ["Content-Type: text/xml"], "<Agreement/>"u8.ToArray())],
            "form" => [new RawRequest(line, ["Content-Type: application/x-www-form-urlencoded"], "a=b"u8.ToArray())],
            "gzip bomb" => [new RawRequest(line, [Json, "Content-Encoding: gzip"], Gzip(new byte[50 << 20]))],
            "gzip in gzip" => [new RawRequest(line, [Json, "Content-Encoding: gzip, gzip"], Gzip(Gzip(good)))],
            "method override" => [new RawRequest(line, [Json, "X-HTTP-Method-Override: DELETE", "X-Method-Override: GET"], good)],
            "conflicting query" => [new RawRequest($"{method} {path}?agreementType=a&agreementType=b&size=x", [Json], good)],
            "%zz in the path" => [new RawRequest(WithId(line, "%zz"), [Json], good)],
            "%00 in the path" => [new RawRequest(WithId(line, "%00"), [Json], good)],
            "%252e in the path" => [new RawRequest(WithId(line, "%252e%252e"), [Json], good)],
            "path of 16 KB" => [new RawRequest(WithId(line, new string('a', 16 << 10)), [Json], good)],
            "header of 32 KB" => [new RawRequest(line, [Json, $"X-Long: {new string('a', 32 << 10)}"], good)],
            "200 headers" => [new RawRequest(line, [Json, .. Enumerable.Range(0, 200).Select(number => $"X-{number}: a")], good)],
            "a second Host" => [new RawRequest(line, [Json, "Host: elsewhere.example"], good)],
            "a second Authorization" => [new RawRequest(line, [Json, "Authorization: Bearer x.y.z"], good)],
            "absolute target" => [new RawRequest($"{method} http://elsewhere.example{path}", [Json], good)],
            _ => throw new ArgumentException($"There is no class {name}."),
        };
    }

    private static byte[] Member(byte[] good, string member) => Member(good, member, [], "");

    private static byte[] Member(byte[] good, string before, byte[] odd, string after) =>
        [.. good[..^Tail(good)], .. Encoding.UTF8.GetBytes("," + before), .. odd, .. Encoding.UTF8.GetBytes(after), .. good[^Tail(good)..]];

    /// <summary>Where the last record of a bare array ends, or the only object.</summary>
    private static int Tail(byte[] good) => good[^1] == (byte)']' ? 2 : 1;

    /// <summary>A member that the call reads at the outermost level, once more.</summary>
    private static string Twice(byte[] good)
    {
        var text = Encoding.UTF8.GetString(good);
        return Outermost.Select(name => Regex.Match(text, $"\"{name}\":(null|true|false|\"[^\"]*\"|\\[[^\\]]*\\])")).First(match => match.Success).Value;
    }

    /// <summary>The same with its name in upper case.</summary>
    private static string Shouted(byte[] good)
    {
        var member = Twice(good).Split(':', 2);
        return $"{member[0].ToUpperInvariant()}:{member[1]}";
    }

    /// <summary>The line with another customer id; for a call that has none in its path, that of an order.</summary>
    private static string WithId(string line, string id) => Id().IsMatch(line) ? Id().Replace(line, id, 1) : $"POST /v1/customers/{id}/orders";

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Id();

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static byte[] Padded(byte[] good, int length) => [.. good[..^1], .. Enumerable.Repeat((byte)' ', length - good.Length), good[^1]];

    private static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }
}
