using System.Globalization;
using System.Text.Json;

namespace Concordat.Core.Policy;

/// <summary>
/// Reads the members of one rule and notes a fault for each that cannot be read; absent ones read as null or empty.
/// </summary>
internal sealed class RuleMembers(string path, JsonElement rule, List<Problem> faults)
{
    /// <summary>The JSON path of the rule or of one of its members.</summary>
    public string At(string? member = null) => member is null ? path : $"{path}.{member}";

    public bool Has(string member) => rule.TryGetProperty(member, out _);

    public void Fault(string? member, string message) =>
        faults.Add(new Problem(ProblemCode.InvalidInput, $"{At(member)}: {message}", At(member)));

    public IEnumerable<string> Names => rule.EnumerateObject().Select(p => p.Name);

    public string? Text(string member)
    {
        if (!rule.TryGetProperty(member, out var element)) return null;
        if (element.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(element.GetString()))
            return element.GetString();
        Fault(member, "must be a string that is not blank.");
        return null;
    }

    public DateTimeOffset? Date(string member)
    {
        if (!rule.TryGetProperty(member, out var element)) return null;
        if (element.ValueKind == JsonValueKind.String && DateTimeOffset.TryParseExact(element.GetString(), "yyyy-MM-dd",
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return date;
        Fault(member, "must be a date such as 2025-10-07; it stands for midnight UTC.");
        return null;
    }

    public byte? Version(string member)
    {
        if (!rule.TryGetProperty(member, out var element)) return null;
        if (element.ValueKind == JsonValueKind.Number && element.TryGetByte(out var number) && number > 0) return number;
        Fault(member, "must be a version number from 1 to 255.");
        return null;
    }

    public bool Flag(string member)
    {
        if (!rule.TryGetProperty(member, out var element)) return false;
        if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Fault(member, "must be true or false.");
        return element.ValueKind == JsonValueKind.True;
    }

    public RefusalCode? Code(string member)
    {
        if (!rule.TryGetProperty(member, out var element)) return null;
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number)
            && Enum.IsDefined((RefusalCode)number))
            return (RefusalCode)number;
        Fault(member, "must be 13605 or 900428.");
        return null;
    }

    public T? Word<T>(string member)
        where T : struct, Enum =>
        rule.TryGetProperty(member, out var element) ? ReadWord<T>(member, element) : null;

    public IReadOnlyList<T> WordList<T>(string member)
        where T : struct, Enum =>
        [.. Elements(member).Select(e => ReadWord<T>(e.Path, e.Element)).OfType<T>()];

    public IReadOnlyList<string> TextList(string member)
    {
        var texts = new List<string>();
        foreach (var (at, element) in Elements(member))
        {
            if (element.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(element.GetString()))
                texts.Add(element.GetString() ?? "");
            else
                Fault(at, "must be a string that is not blank.");
        }
        return texts;
    }

    private IEnumerable<(string Path, JsonElement Element)> Elements(string member)
    {
        if (!rule.TryGetProperty(member, out var list)) return [];
        if (list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0)
        {
            return list.EnumerateArray().Select((element, index) =>
                (string.Create(CultureInfo.InvariantCulture, $"{member}[{index}]"), element));
        }
        Fault(member, "must be a list that is not empty.");
        return [];
    }

    private T? ReadWord<T>(string member, JsonElement element)
        where T : struct, Enum
    {
        if (element.ValueKind == JsonValueKind.String && Words<T>.TryParse(element.GetString() ?? "", out var value))
            return value;
        Fault(member, $"must be one of: {Words<T>.All}.");
        return null;
    }
}
