using System.Collections;
using System.Text.Json;

namespace Concordat.Server.Hosting.Configuration;

/// <summary>
/// The texts of all settings: command line above environment above file. What is in no place is absent; what is not a
/// setting is a fault, so that a misspelt name is noticed. Lists are JSON arrays in the file and separated by blanks
/// elsewhere.
/// </summary>
internal sealed class SettingTexts
{
    private readonly Dictionary<Setting, string> texts = [];

    public string? this[Setting setting] => texts.GetValueOrDefault(setting);

    /// <summary>The words of a list; null when the setting is absent.</summary>
    public IReadOnlyList<string>? List(Setting setting) =>
        this[setting]?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Reads every place; each fault is one line and names no value.</summary>
    public static SettingTexts Read(CommandLine line, IDictionary environment, List<string> faults)
    {
        var read = new SettingTexts();
        if (line.Find("--config") is { } file)
        {
            read.TakeFile(file, faults);
        }

        foreach (var name in environment.Keys.Cast<string>().Order(StringComparer.Ordinal))
        {
            read.TakeVariable(name, (string?)environment[name], faults);
        }

        foreach (var (option, setting) in ((string, Setting)[])[("--data", Setting.DataDirectory), ("--postgres", Setting.Postgres)])
        {
            if (line.Find(option) is { } value)
            {
                read.texts[setting] = value;
            }
        }

        return read;
    }

    private void TakeVariable(string name, string? value, List<string> faults)
    {
        if (!name.StartsWith(Setting.Prefix, StringComparison.Ordinal) || name.StartsWith(Setting.TestPrefix, StringComparison.Ordinal))
        {
            return;
        }

        if (Setting.All.FirstOrDefault(setting => setting.Variable == name) is not { } known)
        {
            faults.Add($"{name}: there is no such setting");
        }
        else if (!string.IsNullOrEmpty(value))
        {
            texts[known] = value;
        }
    }

    private void TakeFile(string path, List<string> faults)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                faults.Add($"--config: {path} does not hold a JSON object");
                return;
            }

            foreach (var member in json.RootElement.EnumerateObject())
            {
                TakeMember(member, faults);
            }
        }
        catch (JsonException error)
        {
            faults.Add($"--config: {path} is not JSON (line {error.LineNumber + 1})");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            faults.Add($"--config: {path} cannot be read");
        }
    }

    private void TakeMember(JsonProperty member, List<string> faults)
    {
        if (Setting.All.FirstOrDefault(setting => setting.Name == member.Name) is not { } known)
        {
            faults.Add($"{member.Name}: there is no such setting");
        }
        else if (TextOf(member.Value) is { } text)
        {
            texts[known] = text;
        }
        else
        {
            faults.Add($"{member.Name}: must be a text, a number, true, false or a list of texts");
        }
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array when value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String) =>
            string.Join(' ', value.EnumerateArray().Select(one => one.GetString())),
        _ => null,
    };
}
