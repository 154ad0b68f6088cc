using System.Text.Json;

namespace Concordat.Core.Ledger;

/// <summary>A disclosure as its reader sees it.</summary>
public sealed record OpenedDisclosure(string Name, string Value)
{
    // 16 bytes take 22 characters. The published example's last character has bits to spare, so the salt is not decoded.
    private const int SaltCharacters = 22;

    /// <summary>Reads a disclosure's text; null unless it is an array of three strings: salt, name and value.</summary>
    public static OpenedDisclosure? Read(string text)
    {
        if (StrictText.UrlBase64(text) is not { } bytes || StrictText.Text(bytes) is null)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(bytes);
            return json.RootElement.ValueKind == JsonValueKind.Array && json.RootElement.GetArrayLength() == 3 &&
                json.RootElement.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String) &&
                IsSalt(json.RootElement[0].GetString()!)
                    ? new OpenedDisclosure(json.RootElement[1].GetString()!, json.RootElement[2].GetString()!)
                    : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsSalt(string salt) =>
        salt.Length >= SaltCharacters && salt.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
