using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Core;

namespace Concordat.Server.Tests.Campaigns;

/// <summary>One request with an id of its own and what became of it; no status means that nobody knows.</summary>
internal sealed class Sent(CustomerId customer, string kind, string body)
{
    public CustomerId Customer => customer;

    /// <summary><c>agreements</c> or <c>orders</c>.</summary>
    public string Kind => kind;

    public string Body => body;

    public string RequestId { get; } = Guid.NewGuid().ToString("D");

    public int? Status { get; set; }

    public string Answer { get; set; } = "";

    /// <summary>The answer's Retry-After in seconds, if it had one.</summary>
    public string? RetryAfter { get; set; }
}

/// <summary>
/// Confirmations at a steady rate over many customers. Each comes with an order that races it and, once it is
/// acknowledged, with an order that must be accepted.
/// </summary>
internal sealed class Load(Uri baseUrl, IReadOnlyList<CustomerId> customers) : IDisposable
{
    public const int PerSecond = 200;

    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 128 })
    {
        BaseAddress = baseUrl,
        Timeout = TimeSpan.FromSeconds(20),
    };

    private int started;

    /// <summary>Everything sent so far.</summary>
    public ConcurrentBag<Sent> All { get; } = [];

    public string Token { get; set; } = "";

    /// <summary>Sends until <paramref name="until"/> is done, then waits for the answers of what is under way.</summary>
    public async Task RunAsync(Task until)
    {
        var running = new List<Task>();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!until.IsCompleted && await tick.WaitForNextTickAsync())
        {
            for (var i = 0; i < PerSecond / 100; i++)
            {
                running.Add(ConfirmAndOrderAsync(started++));
            }
        }

        await Task.WhenAll(running);
    }

    /// <summary>Sends again, with its id, every request whose outcome is unknown; all must be known then.</summary>
    public async Task ResolveAsync()
    {
        var unknown = All.Where(sent => sent.Status is null).OrderBy(sent => sent.Kind, StringComparer.Ordinal).ToList();
        await Parallel.ForEachAsync(unknown.Where(sent => sent.Kind == "agreements"), async (sent, _) => await SendAsync(sent));
        await Parallel.ForEachAsync(unknown.Where(sent => sent.Kind == "orders"), async (sent, _) => await SendAsync(sent));
        Assert.All(unknown, sent => Assert.NotNull(sent.Status));
    }

    /// <summary>Sends one request, whether for the first time or again.</summary>
    public async Task SendAsync(Sent sent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/customers/{sent.Customer}/{sent.Kind}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        request.Headers.Add("MS-RequestId", sent.RequestId);
        request.Content = new StringContent(sent.Body, Encoding.UTF8, "application/json");
        try
        {
            using var response = await http.SendAsync(request);
            sent.RetryAfter = response.Headers.RetryAfter?.ToString();
            sent.Answer = await response.Content.ReadAsStringAsync();
            sent.Status = response.StatusCode == HttpStatusCode.ServiceUnavailable ? null : (int)response.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
        {
            sent.Answer = error.Message;
        }
    }

    /// <summary>The ids in the answers to accepted orders.</summary>
    public ILookup<CustomerId, Guid> AcceptedOrders() => All.Where(sent => sent is { Kind: "orders", Status: 201 })
        .ToLookup(sent => sent.Customer, sent => JsonNode.Parse(sent.Answer)!["id"]!.GetValue<Guid>());

    public void Dispose() => http.Dispose();

    private async Task ConfirmAndOrderAsync(int number)
    {
        var customer = customers[number % customers.Count];
        var confirmation = New(customer, "agreements", string.Create(CultureInfo.InvariantCulture, $$"""
            {"templateId":"{{TestServer.Mca}}","dateAgreed":"2024-05-01T00:00:00Z",
             "primaryContact":{"firstName":"Hanako","lastName":"Sato","email":"signatory{{number}}@customer.example"} }
            """));
        var racing = New(customer, "orders", TestServer.Order());
        await Task.WhenAll(SendAsync(confirmation), SendAsync(racing));
        if (confirmation.Status == 201)
        {
            var after = New(customer, "orders", TestServer.Order());
            await SendAsync(after);
            Assert.True(after.Status is 201 or null, $"An order after its confirmation was answered {after.Status}: {after.Answer}");
        }
    }

    private Sent New(CustomerId customer, string kind, string body)
    {
        var sent = new Sent(customer, kind, body);
        All.Add(sent);
        return sent;
    }
}
