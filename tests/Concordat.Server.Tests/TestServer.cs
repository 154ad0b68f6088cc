using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Sandbox;
using Concordat.Server.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

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

    private readonly ServerOptions options;
    private readonly TimeProvider? wall;
    private readonly ThrottleLimits? limits;
    private readonly Action<WebApplication>? more;
    private RunningSandbox sandbox = null!;
    private HttpClient http = null!;
    private bool open;
    private JsonNode file = null!;

    private TestServer(string engine, ServerOptions options, TimeProvider? wall, ThrottleLimits? limits, Action<WebApplication>? more)
    {
        (Engine, this.options, this.wall, this.limits, this.more) = (engine, options, wall, limits, more);
    }

    public string Engine { get; }

    public string BaseUrl => sandbox.BaseUrl;

    internal Parts Parts { get; private set; } = null!;

    /// <summary>The web application: its routes and services.</summary>
    internal IServiceProvider Services => sandbox.App.Services;

    /// <summary>Everything the server has logged.</summary>
    internal CapturedLog Log { get; } = new();

    /// <summary>Mints what no seeded caller has: a token without a second factor, for another audience, of a stranger.</summary>
    internal TokenIssuer Issuer => new(new Uri(BaseUrl), Key, Parts.Context.Ids, Parts.Context.Clocks.Wall);

    /// <summary>Every route with each of its methods; what takes any method (pages) is left out.</summary>
    public IEnumerable<(string Method, string Pattern)> Routes =>
        sandbox.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
            endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => (method, endpoint.RoutePattern.RawText!)) ?? []);

    internal SandboxClock Clock => sandbox.Clock;

    /// <summary>
    /// Starts a server of its own; dispose it. <paramref name="engine"/> is <c>sqlite</c> or <c>postgres</c>,
    /// <paramref name="limits"/> are those of partners that are throttled, <paramref name="postgres"/> another way to the database,
    /// <paramref name="more"/> adds routes, <paramref name="with"/> changes the options.
    /// </summary>
    internal static async Task<TestServer> StartAsync(
        string engine, TimeProvider? wall = null, ThrottleLimits? limits = null, string? postgres = null, Action<WebApplication>? more = null,
        Func<ServerOptions, ServerOptions>? with = null)
    {
        var directory = Directory.CreateTempSubdirectory("concordat-test-").FullName;
        var usual = new ServerOptions("sandbox", 0, directory, postgres ?? NewPostgres(engine), Fresh: true);
        var server = new TestServer(engine, with?.Invoke(usual) ?? usual, wall, limits, more);
        await server.OpenAsync(server.options);
        return server;
    }

    /// <summary>Stops the server and starts it again on what it stored. The address changes, and the tokens with it.</summary>
    public async Task RestartAsync(Func<ServerPlace, Task>? between = null)
    {
        await CloseAsync();
        await (between?.Invoke(new ServerPlace(options.DataDirectory, options.Postgres)) ?? Task.CompletedTask);
        await OpenAsync(options with { Fresh = false });
    }

    /// <summary>A second node on the same database (PostgreSQL only), with its own port; dispose it before the first.</summary>
    public async Task<TestServer> JoinAsync()
    {
        const string masterKey = "master.key";
        var directory = Directory.CreateTempSubdirectory("concordat-test-").FullName;
        File.Copy(Path.Combine(options.DataDirectory, masterKey), Path.Combine(directory, masterKey));
        var server = new TestServer(Engine, options with { DataDirectory = directory, Fresh = false }, wall, limits, more);
        await server.OpenAsync(server.options);
        return server;
    }

    /// <summary>The connection string of a database that does not exist yet; null for the embedded engine.</summary>
    internal static string? NewPostgres(string engine) =>
        engine == "postgres" ? ConnectionOf($"concordat_test_{Environment.ProcessId}_{Interlocked.Increment(ref counter)}") : null;

    /// <summary>Waits until pre-checks are answered from memory.</summary>
    internal async Task<TestServer> LoadedAsync()
    {
        await Until.TrueAsync(() => Parts.Context.Standings.Complete);
        return this;
    }

    /// <summary>Overrides one switch of a seeded partner, throttling staying off.</summary>
    public async Task SwitchAsync(string partner, string name, string value)
    {
        var row = (await Parts.Database.ReadEverythingAsync(PartnerRows.AllAsync)).Single(known => known.Id == Partner(partner).Id);
        var changed = row with { Switches = $$"""{"throttling":"false","{{name}}":"{{value}}"}""" };
        Assert.True((await Parts.Context.Loop.RunAsync(new SaveDirectory([changed], [], []))).Value);
        await Parts.Directory.RefreshAsync();
    }

    /// <summary>A seeded partner by its key in <see cref="SeedPlan"/>.</summary>
    internal static SeedPartner Partner(string key) => SeedPlan.Partners.Single(partner => partner.Key == key);

    /// <summary>A seeded customer of the first direct-bill partner, by scenario.</summary>
    internal static CustomerId Customer(string scenario, string partner = "aozora") =>
        SeedPlan.Customers.First(customer => customer.Partner == partner && customer.Scenario == scenario).Id;

    /// <summary>The bearer token of a role: <c>admin</c>, <c>sales</c>, <c>helpdesk</c>, <c>user</c> or <c>app</c>.</summary>
    internal string Token(string partner, string who) =>
        Find(file, Partner(partner)) is { } entry
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
        await CloseAsync();
        Directory.Delete(options.DataDirectory, recursive: true);
    }

    private async Task OpenAsync(ServerOptions how)
    {
        // Filtered as the process filters itself: what it would not write cannot give anything away.
        var logs = LoggerFactory.Create(logging =>
        {
            Logs.Filter(logging, LogLevel.Information);
            logging.AddProvider(Log);
        });
        Parts = await Parts.OpenAsync(how.WithPort(), logs, CancellationToken.None, wall);
        sandbox = await SandboxHost.StartAsync(Parts, Key, limits, more);
        http = new HttpClient { BaseAddress = new Uri(sandbox.BaseUrl) };
        file = JsonNode.Parse(sandbox.File.ToText())!;
        open = true;
    }

    private async Task CloseAsync()
    {
        if (!open)
        {
            return;
        }

        open = false;
        http.Dispose();
        await sandbox.DisposeAsync();
        await Parts.DisposeAsync();
    }

    private static string ConnectionOf(string database) =>
        new Npgsql.NpgsqlConnectionStringBuilder(
            Environment.GetEnvironmentVariable("CONCORDAT_TEST_POSTGRES")
            ?? throw new InvalidOperationException("CONCORDAT_TEST_POSTGRES is not set; run the tests by ./test."))
        { Database = database }.ConnectionString;

    private static JsonNode? Find(JsonNode file, SeedPartner partner) =>
        file["partners"]!.AsArray().Concat(file["resellers"]!.AsArray()).FirstOrDefault(entry => entry!["tenantId"]!.GetValue<string>() == partner.Id.ToString());
}

/// <summary>Where a server that is stopped keeps its data.</summary>
public sealed record ServerPlace(string Directory, string? Postgres);

/// <summary>A whole HTTP answer.</summary>
public sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The fault's code.</summary>
    public int Code => Json["code"]!.GetValue<int>();
}
