using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Concordat.Server.Tests.EndToEnd;

/// <summary>A data directory and port for <c>./run</c>; disposing it stops what runs there.</summary>
internal sealed class RunSandbox : IAsyncDisposable
{
    private readonly HttpClient http = new();

    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("concordat-run-").FullName;

    public int Port { get; } = Child.FreePort();

    /// <summary>Where the example storefront listens once it is asked for with <see cref="WithShop"/>.</summary>
    public int ShopPort { get; private set; }

    public string BaseUrl => $"http://127.0.0.1:{Port}";

    public JsonNode File => JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(DataDirectory, "sandbox.json")))!;

    public bool Has(string name) => System.IO.File.Exists(Path.Combine(DataDirectory, name));

    /// <summary>From the next start on with the example storefront.</summary>
    public RunSandbox WithShop()
    {
        ShopPort = Child.FreePort();
        return this;
    }

    /// <summary><c>./run --background</c> with more options; it must succeed. Answers what it printed.</summary>
    public async Task<string> StartAsync(params string[] more)
    {
        using var run = Child.Run(["--background", "--port", $"{Port}", "--shop-port", $"{ShopPort}", "--data", DataDirectory, .. more]);
        Assert.True(await run.EndAsync() == 0, run.Output);
        return run.Output;
    }

    public async Task<string> StopAsync()
    {
        using var stop = Child.Run("--stop", "--data", DataDirectory);
        Assert.True(await stop.EndAsync() == 0, stop.Output);
        return stop.Output;
    }

    /// <summary>The id of the first direct-bill partner's customer in that scenario.</summary>
    public string Customer(string scenario) => File["customers"]!.AsArray()
        .First(customer => customer!["scenario"]!.GetValue<string>() == scenario
            && customer["partnerTenantId"]!.GetValue<string>() == File["partners"]![0]!["tenantId"]!.GetValue<string>())!["id"]!.GetValue<string>();

    public string Token(string who = "adminAgent") => File["partners"]![0]!["tokens"]![who]!.GetValue<string>();

    public async Task<(int Status, string Body)> SendAsync(string method, string path, string? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(BaseUrl + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token());
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The status of an order for the customer of that scenario.</summary>
    public async Task<int> OrderAsync(string scenario, string? token = null) =>
        (await SendAsync("POST", $"/v1/customers/{Customer(scenario)}/orders", TestServer.Order(), token)).Status;

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await StopAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }
}
