using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Concordat.Bench.Harness;

namespace Concordat.Bench.Engine;

/// <summary>
/// A shop and its signatories in one client: wrk cannot carry an attestation's id and a form's token from answer to request.
/// It costs more processor time than wrk, the same on both sides of a ratio.
/// </summary>
internal sealed partial class AcceptanceClient(string url, string appToken) : IDisposable
{
    /// <summary>The emptiest page of the server: the layout and two lines.</summary>
    public const string EmptyPage = "/signedout";

    private const int Workers = 32;

    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = Workers, AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = new Uri(url),
    };

    /// <summary>A pending attestation: its page's path, and its form filled in.</summary>
    public sealed record Asked(string Id, string Path, string Form);

    /// <summary>Asks for an attestation and opens its page.</summary>
    public async Task<Asked> AskAsync(CancellationToken cancel)
    {
        const string body = """
            {"country":"JP","language":"ja-JP","companyName":"Bench Bakery","signatoryFirstName":"Robin","signatoryLastName":"Hartley","signatoryEmail":"robin.hartley@customer.example"}
            """;
        var answer = await CallAsync("/v1/attestations/enhanced", body, HttpStatusCode.Created, cancel);
        var path = new Uri(answer["attestationUrl"]!.GetValue<string>()).PathAndQuery;
        return new Asked(answer["attestationId"]!.GetValue<string>(), path, FormOf(await http.GetStringAsync(new Uri(path, UriKind.Relative), cancel)));
    }

    /// <summary>Sends the form: box ticked, button pressed.</summary>
    public async Task AcceptAsync(Asked asked, CancellationToken cancel) => await PostFormAsync(asked.Path, asked.Form, HttpStatusCode.OK, cancel);

    /// <summary>Sends as many bytes to the emptiest page.</summary>
    public async Task PostEmptyAsync(Asked like, CancellationToken cancel) => await PostFormAsync(EmptyPage, like.Form, HttpStatusCode.OK, cancel);

    /// <summary>Makes the accepted attestation the agreement of customer <paramref name="number"/>.</summary>
    public Task FinaliseAsync(Asked asked, long number, CancellationToken cancel) => CallAsync(
        $"/v1/customers/c0c0c0c0-0000-7000-8000-{number:x12}/agreements", $$"""{"attestationId":"{{asked.Id}}"}""", HttpStatusCode.Created, cancel);

    /// <summary>Lets all workers repeat <paramref name="once"/> until it answers false or the time is over; answers how often, and how long it took.</summary>
    public static async Task<(long Done, TimeSpan Took)> RepeatAsync(TimeSpan limit, Func<Task<bool>> once)
    {
        var done = 0L;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
        {
            while (watch.Elapsed < limit && await once())
            {
                Interlocked.Increment(ref done);
            }
        }));
        return (done, watch.Elapsed);
    }

    public void Dispose() => http.Dispose();

    private static string FormOf(string page)
    {
        var form = Form().Match(page).Value;
        var fields = Field().Matches(form).Select(match => $"{match.Groups[1].Value}={WebUtility.UrlEncode(WebUtility.HtmlDecode(match.Groups[2].Value))}");
        return string.Join('&', fields) + "&hints=&agree=yes&do=accept";
    }

    private async Task PostFormAsync(string path, string form, HttpStatusCode expected, CancellationToken cancel)
    {
        using var content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancel);
        await answer.Content.LoadIntoBufferAsync(cancel);
        Expect(path, expected, answer);
    }

    private async Task<JsonNode> CallAsync(string path, string body, HttpStatusCode expected, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", appToken);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, cancel);
        Expect(path, expected, answer);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel))!;
    }

    private static void Expect(string path, HttpStatusCode expected, HttpResponseMessage answer)
    {
        if (answer.StatusCode != expected)
        {
            throw new BenchException($"{path} answered {(int)answer.StatusCode}.");
        }
    }

    [GeneratedRegex("<form [^>]*id=\"accepting\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Field();
}
