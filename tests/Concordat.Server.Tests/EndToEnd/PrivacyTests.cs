using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Concordat.Server.Tests.EndToEnd;

/// <summary>A session with 200 people, whose data must appear neither in the log nor in what is sent to a collector.</summary>
public sealed class PrivacyTests : IDisposable
{
    private const int People = 200;
    private readonly string data = Directory.CreateTempSubdirectory("concordat-privacy-").FullName;

    [Fact]
    public async Task Session_With200People_LeavesNoTraceOfThemInLogsAndTelemetry()
    {
        await using var collector = await Listener.StartAsync();
        var url = $"http://127.0.0.1:{Child.FreePort()}";
        using var server = Child.Server(["sandbox", "--data", data, "--port", new Uri(url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture)],
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.BaseUrl), ("OTEL_METRIC_EXPORT_INTERVAL", "300"), ("OTEL_BSP_SCHEDULE_DELAY", "200"));
        await server.ReadyAsync(url);
        while (!File.Exists(Path.Combine(data, "server.pid")))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var welcome = server.Output.Length;
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(data, "sandbox.json"), TestContext.Current.CancellationToken))!;
        var token = file["partners"]![0]!["tokens"]!["adminAgent"]!.GetValue<string>();
        var customer = $"{url}/v1/customers/{file["customers"]![0]!["id"]!.GetValue<string>()}";
        var statuses = await SessionAsync(customer, token);
        Assert.Equal(0, await server.TerminateAsync());

        Assert.Superset(new HashSet<int> { 200, 201, 400, 401, 409 }, statuses);
        var sent = collector.Posts.ToLookup(post => post.Path, post => post.Body);
        Assert.Contains(sent["/v1/traces"], body => body.Contains("POST /v1/customers/{customer}/agreements", StringComparison.Ordinal));
        Assert.Contains(sent["/v1/traces"], body => body.Contains("commit batch", StringComparison.Ordinal));
        foreach (var name in (string[])["concordat.requests", "concordat.refusals", "concordat.commit.batch", "concordat.commit.duration", "concordat.queue", "concordat.standings", "concordat.tokens"])
        {
            Assert.Contains(sent["/v1/metrics"], body => body.Contains(name, StringComparison.Ordinal));
        }

        var log = server.Output[welcome..];
        Assert.Contains("Refused before it began", log, StringComparison.Ordinal);
        var everything = log + string.Concat(collector.Posts.Select(post => post.Body));
        Assert.All(Enumerable.Range(0, People).SelectMany(WordsOf).Append(token), word => Assert.DoesNotContain(word, everything, StringComparison.OrdinalIgnoreCase));
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    private static string[] WordsOf(int number) => [$"Givenname{number}q", $"Familyname{number}q", $"mail{number}q@person.example", $"0355{number:D6}"];

    /// <summary>Every person confirms, repeats, mistypes, is looked up, and comes once with a bad token.</summary>
    private static async Task<HashSet<int>> SessionAsync(string customer, string token)
    {
        using var http = new HttpClient();
        var statuses = new HashSet<int>();
        for (var number = 0; number < People; number++)
        {
            var words = WordsOf(number);
            var good = $$$"""
                {"templateId":"{{{TestServer.Mca}}}","dateAgreed":"2024-05-06T07:08:09Z",
                 "primaryContact":{"firstName":"{{{words[0]}}}","lastName":"{{{words[1]}}}","email":"{{{words[2]}}}","phoneNumber":"{{{words[3]}}}"}}
                """;
            await SendAsync(HttpMethod.Post, $"{customer}/agreements", good, token, words);
            await SendAsync(HttpMethod.Post, $"{customer}/agreements", good, token, words);
            await SendAsync(HttpMethod.Post, $"{customer}/agreements", good.Replace("@", "", StringComparison.Ordinal), token, words);
            await SendAsync(HttpMethod.Post, $"{customer}/agreements", good[..^9], token, words);
            await SendAsync(HttpMethod.Get, $"{customer}/agreements?email={words[2]}&{words[0]}={words[1]}", null, token, words);
            await SendAsync(HttpMethod.Get, $"{customer}/{words[0]}/{words[2]}", null, token, words);
            await SendAsync(HttpMethod.Post, $"{customer}/agreements", good, $"{words[0]}.{words[1]}.x", words);
        }

        return statuses;

        async Task SendAsync(HttpMethod method, string url, string? body, string bearer, string[] words)
        {
            using var request = new HttpRequestMessage(method, new Uri(url));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            request.Headers.UserAgent.ParseAdd($"{words[0]}/1.0");
            request.Headers.Add("X-Concordat-Operator", words[2]);
            request.Headers.Add("tracestate", $"x={words[0]}");
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await http.SendAsync(request);
            statuses.Add((int)response.StatusCode);
        }
    }
}
