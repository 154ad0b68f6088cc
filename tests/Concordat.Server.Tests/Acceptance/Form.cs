using System.Net;
using System.Text.RegularExpressions;

namespace Concordat.Server.Tests.Acceptance;

/// <summary>The acceptance page as a browser without script sees it: reads it, fills its form in, sends it.</summary>
internal sealed partial class Form(HttpClient http, string path, string html)
{
    public string Html { get; } = html;

    public static async Task<Form> OpenAsync(HttpClient http, string path) => new(http, path, await http.GetStringAsync(new Uri(path, UriKind.Relative)));

    /// <summary>The hidden fields of the form with that button.</summary>
    public Dictionary<string, string> Hidden(string button)
    {
        var form = Forms().Matches(Html).Select(match => match.Value).Single(text => text.Contains($"value=\"{button}\"", StringComparison.Ordinal));
        return Fields().Matches(form).ToDictionary(match => match.Groups[1].Value, match => WebUtility.HtmlDecode(match.Groups[2].Value));
    }

    /// <summary>Sends the form; further fields replace the hidden ones.</summary>
    public Task<HttpResponseMessage> SendAsync(string button, params (string Name, string Value)[] fields) => SendToAsync(path, button, fields);

    /// <summary>Sends it to another address.</summary>
    public async Task<HttpResponseMessage> SendToAsync(string other, string button, params (string Name, string Value)[] fields)
    {
        var values = Hidden(button);
        values["do"] = button;
        foreach (var (name, value) in fields)
        {
            values[name] = value;
        }

        using var content = new FormUrlEncodedContent(values);
        return await http.PostAsync(new Uri(other, UriKind.Relative), content);
    }

    [GeneratedRegex("<form .*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Fields();
}
