using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace Concordat.Server.Tests;

/// <summary>
/// The real server in this process: own database on the named engine, own port, seeded. Requests go through HTTP;
/// <see cref="Parts"/> shows the rows.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    public const string Mca = "117a77b0-9360-443b-8795-c6dedc750cf9";
    public const string CloudAgreement = "998b88de-aa99-4388-a42c-1b3517d49490";
    public const string Offer = "CFQ7TTC0LH18:0001:CFQ7TTC0K971";

    private static readonly RSA Key = RSA.Create(2048);
    private static int counter;

    private readonly string directory;
    private readonly RunningSandbox sandbox;
    private readonly HttpClient http;

    private TestServer(string engine, string directory, Parts parts, RunningSandbox sandbox)
    {
        (Engine, this.directory, Parts, this.sandbox) = (engine, directory, parts, sandbox);
        http = new HttpClient { BaseAddress = new Uri(sandbox.BaseUrl) };
    }

    public string Engine { get; }

    public string BaseUrl => sandbox.BaseUrl;

    internal Parts Parts { get; }

    internal SandboxClock Clock => sandbox.Clock;

    /// <summary>Starts a server of its own; dispose it. <paramref name="engine"/> is <c>sqlite</c> or <c>postgres</c>.</summary>
    public static async Task<TestServer> StartAsync(string engine, TimeProvider? wall = null)
    {
        var directory = Directory.CreateTempSubdirectory("concordat-test-").FullName;
        var postgres = engine == "postgres" ? ConnectionOf($"concordat_test_{Environment.ProcessId}_{Interlocked.Increment(ref counter)}") : null;
        var options = new ServerOptions("sandbox", 0, directory, postgres, Fresh: true);
        var parts = await Parts.OpenAsync(options, NullLoggerFactory.Instance, CancellationToken.None, wall);
        return new TestServer(engine, directory, parts, await SandboxHost.StartAsync(options, parts, Key, []));
    }

    /// <summary>A seeded partner by its key in <see cref="SeedPlan"/>.</summary>
    internal static SeedPartner Partner(string key) => SeedPlan.Partners.Single(partner => partner.Key == key);

    /// <summary>A seeded customer of the first direct-bill partner, by scenario.</summary>
    internal static CustomerId Customer(string scenario, string partner = "aozora") =>
        SeedPlan.Customers.First(customer => customer.Partner == partner && customer.Scenario == scenario).Id;

    /// <summary>The bearer token of a role: <c>admin</c>, <c>sales</c>, <c>helpdesk</c>, <c>user</c> or <c>app</c>.</summary>
    internal string Token(string partner, string who) =>
        JsonNode.Parse(sandbox.File.ToText()) is { } file && Find(file, Partner(partner)) is { } entry
            ? entry["tokens"]![who switch { "admin" => "adminAgent", "sales" => "salesAgent", _ => who }]!.GetValue<string>()
            : throw new ArgumentException($"There is no {who} of {partner}.");

    /// <summary>Sends a request as a seeded caller and reads the whole answer.</summary>
    public async Task<Answer> SendAsync(
        string method, string path, string? body = null, string partner = "aozora", string who = "admin", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(partner, who));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await http.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The body of a confirmation.</summary>
    public string Confirmation(string email = "hanako@customer.example", DateTimeOffset? agreed = null, string template = Mca, string first = "Hanako") =>
        $$"""
        {"templateId":"{{template}}","dateAgreed":"{{agreed ?? Parts.Context.PolicyNow(Core.Policy.PartnerEnvironment.Production):yyyy-MM-ddTHH:mm:ss.fffZ}}",
         "primaryContact":{"firstName":"{{first}}","lastName":"Sato","email":"{{email}}","phoneNumber":null} }
        """;

    /// <summary>The body of an order of one line.</summary>
    public static string Order(int quantity = 5) =>
        $$"""{"billingCycle":"annual","lineItems":[{"lineItemNumber":0,"offerId":"{{Offer}}","termDuration":"P1Y","quantity":{{quantity}} }]}""";

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await sandbox.DisposeAsync();
        await Parts.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    private static string ConnectionOf(string database) =>
        new Npgsql.NpgsqlConnectionStringBuilder(
            Environment.GetEnvironmentVariable("CONCORDAT_TEST_POSTGRES")
            ?? throw new InvalidOperationException("CONCORDAT_TEST_POSTGRES is not set; run the tests by ./test."))
        { Database = database }.ConnectionString;

    private static JsonNode? Find(JsonNode file, SeedPartner partner) =>
        file["partners"]!.AsArray().Concat(file["resellers"]!.AsArray()).FirstOrDefault(entry => entry!["tenantId"]!.GetValue<string>() == partner.Id.ToString());
}

/// <summary>A whole HTTP answer.</summary>
public sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The fault's code.</summary>
    public int Code => Json["code"]!.GetValue<int>();
}
