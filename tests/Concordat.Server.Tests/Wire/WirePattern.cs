using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Concordat.Server.Tests.Wire;

/// <summary>
/// Expected text with placeholders. JSON is laid out freely in a sample and compared without blanks, members in their
/// order, none missing, none more.
/// </summary>
internal static partial class WirePattern
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>True when the whole of <paramref name="actual"/> is what the pattern says.</summary>
    public static bool Matches(string pattern, string actual)
    {
        var mark = pattern.StartsWith("{bom}", StringComparison.Ordinal);
        var text = mark ? pattern[5..] : pattern;
        if (IsJson().IsMatch(text))
        {
            text = JsonNode.Parse(Numbers().Replace(text, "\"{number}\""))!.ToJsonString(Compact);
        }

        var regex = Regex.Escape((mark ? "\uFEFF" : "") + text)
            .Replace("\"\\{number}\"", "-?[0-9.]+", StringComparison.Ordinal)
            .Replace("\\{guid}", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", StringComparison.Ordinal)
            .Replace("\\{date}", @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", StringComparison.Ordinal)
            .Replace("\\{vector}", @"[A-Za-z0-9+/]{16}\.0", StringComparison.Ordinal)
            .Replace("\\{digits}", "[0-9]+", StringComparison.Ordinal)
            .Replace("\\{text}", @"(?:[^""\\]|\\.)+", StringComparison.Ordinal);
        return Regex.IsMatch(actual, $@"\A(?:{regex})\z", RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }

    [GeneratedRegex(@"\A(\[|\{\s*[""}])")]
    private static partial Regex IsJson();

    [GeneratedRegex(@"(?<=:)\s*\{number\}")]
    private static partial Regex Numbers();
}
