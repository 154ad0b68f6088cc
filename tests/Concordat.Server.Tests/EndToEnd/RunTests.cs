using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Concordat.Server.Tests.EndToEnd;

/// <summary><c>./run</c> as a person or a storefront's build uses it, from start to stop, on both engines.</summary>
public partial class RunTests
{
    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Background_StoppedAndStartedAgain_FindsEverythingAsItWas(string engine)
    {
        await using var sandbox = new RunSandbox();
        string[] options = engine == "postgres" ? ["--postgres", NewDatabase(sandbox.Port)] : [];
        await sandbox.StartAsync(options);
        var (token, customer) = (sandbox.Token(), sandbox.Customer("never"));
        Assert.Equal(403, await sandbox.OrderAsync("never"));
        await ConfirmAsync(sandbox);
        await sandbox.SendAsync("POST", "/sandbox/clock", """{"environment":"production","advance":"P400D"}""");

        Assert.StartsWith("Stopped", await sandbox.StopAsync(), StringComparison.Ordinal);
        Assert.False(sandbox.Has("server.pid"));
        await sandbox.StartAsync(options);

        Assert.Equal(customer, sandbox.Customer("never"));
        Assert.Equal(201, await sandbox.OrderAsync("never", token));
        Assert.InRange(await DaysAheadAsync(sandbox, "production"), 399.9, 400.1);
        Assert.InRange(await DaysAheadAsync(sandbox, "sandbox"), -0.1, 0.1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Fresh_AfterChanges_EmptiesTheRowsAndKeepsIdsTokensAndLog(string engine)
    {
        await using var sandbox = new RunSandbox();
        string[] options = engine == "postgres" ? ["--postgres", NewDatabase(sandbox.Port)] : [];
        await sandbox.StartAsync(options);
        var (token, customer) = (sandbox.Token(), sandbox.Customer("never"));
        await ConfirmAsync(sandbox);
        await sandbox.SendAsync("POST", "/sandbox/clock", """{"advanceSeconds":86400}""");
        await sandbox.StopAsync();

        await sandbox.StartAsync([.. options, "--fresh"]);

        Assert.Equal(customer, sandbox.Customer("never"));
        Assert.Equal(403, await sandbox.OrderAsync("never", token));
        Assert.InRange(await DaysAheadAsync(sandbox, "production"), -0.1, 0.1);
        Assert.True(sandbox.Has("server.log"));
        Assert.Equal(201, await sandbox.OrderAsync("attested-current"));
    }

    [Fact]
    public async Task Background_WithTheStorefront_ServesItAndEndsItWithTheSandbox()
    {
        await using var sandbox = new RunSandbox().WithShop();
        var printed = await sandbox.StartAsync();
        using var http = new HttpClient();
        var shop = new Uri($"http://127.0.0.1:{sandbox.ShopPort}/?lang=ja");
        Assert.Contains($"http://127.0.0.1:{sandbox.ShopPort}", printed, StringComparison.Ordinal);
        Assert.Equal($"http://127.0.0.1:{sandbox.ShopPort}", sandbox.File["storefrontUrl"]!.GetValue<string>());

        string? page = null;
        await Until.TrueAsync(async () => (page = await TryGetAsync(http, shop)) is not null);
        Assert.Contains("注文する", page, StringComparison.Ordinal);

        await sandbox.StopAsync();
        await Until.TrueAsync(async () => await TryGetAsync(http, shop) is null);
    }

    [Fact]
    public async Task Welcome_LinesPastedIntoBash_RefuseConfirmOrder()
    {
        await using var sandbox = new RunSandbox();
        var printed = await sandbox.StartAsync();
        var lines = printed.Split('\n').SkipWhile(line => !line.StartsWith("TOKEN=", StringComparison.Ordinal)).TakeWhile(line => line.Trim().Length > 0);

        using var bash = Child.Start("bash", ["-c", string.Join('\n', lines)], []);
        Assert.True(await bash.EndAsync() == 0, bash.Output);

        Assert.Equal(["403", "201", "201"], bash.Output.Split('\n').Select(line => line.Trim()).Where(line => line.Length == 3));
        using var clock = Child.Start("bash", ["-c", LineAfter(printed, "Move the clock:") + " && " + LineAfter(printed, "Start over:")], []);
        Assert.True(await clock.EndAsync() == 0, clock.Output);
        Assert.Contains("\"production\":\"2025-10-07T00:00:0", clock.Output, StringComparison.Ordinal);
        Assert.Equal(403, await sandbox.OrderAsync("never"));
    }

    [Fact]
    public async Task Foreground_Sigterm_EndsWithZeroAndPrintedNothingButTheWelcome()
    {
        await using var sandbox = new RunSandbox();
        using var run = Child.Run("--port", $"{sandbox.Port}", "--shop-port", "0", "--data", sandbox.DataDirectory);
        await run.ReadyAsync(sandbox.BaseUrl);
        while (!sandbox.Has("server.pid"))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal($"{run.Id}", (await File.ReadAllTextAsync(Path.Combine(sandbox.DataDirectory, "server.pid"), TestContext.Current.CancellationToken)).Trim());
        await sandbox.SendAsync("GET", "/v1/agreements");

        Assert.Equal(0, await run.TerminateAsync());
        Assert.False(sandbox.Has("server.pid"));
        Assert.Single(Token().Matches(run.Output));
        Assert.DoesNotContain("info:", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.", run.Output.Replace("Microsoft.com", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortInUse_OneLineAndExitCodeOne()
    {
        await using var sandbox = new RunSandbox();
        using var other = new TcpListener(IPAddress.Loopback, sandbox.Port);
        other.Start();

        using var run = Child.Run("--background", "--port", $"{sandbox.Port}", "--shop-port", "0", "--data", sandbox.DataDirectory);
        Assert.Equal(1, await run.EndAsync());
        Assert.Equal($"run: port {sandbox.Port} is in use: choose another with --port", run.Output.Trim());

        using var server = Child.Server(["sandbox", "--port", $"{sandbox.Port}", "--data", sandbox.DataDirectory]);
        Assert.Equal(1, await server.EndAsync());
        Assert.Equal($"Failed to bind to address {sandbox.BaseUrl}: address already in use.", server.Output.Trim());
    }

    [Fact]
    public async Task Start_SandboxOfTheSameDirectoryRuns_SaysSoAndChangesNothing()
    {
        await using var sandbox = new RunSandbox();
        await sandbox.StartAsync();

        Assert.Contains("already runs", await sandbox.StartAsync(), StringComparison.Ordinal);
        using var second = Child.Server(["sandbox", "--port", "0", "--data", sandbox.DataDirectory]);
        Assert.Equal(3, await second.EndAsync());
        Assert.Single(second.Output.Trim().Split('\n'));
        Assert.Equal(403, await sandbox.OrderAsync("never"));
    }

    [Theory]
    [InlineData("--port", "0")]
    [InlineData("--port", "x")]
    [InlineData("--nothing")]
    [InlineData("--stop", "--fresh")]
    public async Task Start_BadOption_ExitCodeTwo(params string[] args)
    {
        using var run = Child.Run(args);
        Assert.Equal(2, await run.EndAsync());
    }

    [Fact]
    public async Task SandboxJson_AfterStart_HasThePromisedShape()
    {
        await using var sandbox = new RunSandbox();
        await sandbox.StartAsync();
        var file = sandbox.File;

        Assert.Equal(sandbox.BaseUrl, file["baseUrl"]!.GetValue<string>());
        Assert.Equal($"{sandbox.BaseUrl}/sandbox", file["controlUrl"]!.GetValue<string>());
        Assert.Equal(["direct-bill", "direct-bill", "indirect-provider"], Texts(file["partners"], "kind"));
        Assert.All(file["partners"]!.AsArray(), partner => AssertTexts(partner!, ["tenantId", "kind", "name", "environment"], ["adminAgent", "salesAgent", "helpdesk", "app"]));
        Assert.Equal(3, file["resellers"]!.AsArray().Count);
        Assert.All(file["resellers"]!.AsArray(), reseller => AssertTexts(reseller!, ["tenantId", "providerTenantId", "name"], ["user"]));
        Assert.All(file["customers"]!.AsArray(), customer => AssertTexts(customer!, ["id", "name", "scenario", "partnerTenantId"], []));
        var first = file["partners"]![0]!["tenantId"]!.GetValue<string>();
        Assert.Equal(
            ["attested-current", "attested-stale", "cloud-agreement-only", "direct", "direct-and-attested", "national-cloud", "never", "refused", "two-partners"],
            file["customers"]!.AsArray().Where(customer => customer!["partnerTenantId"]!.GetValue<string>() == first)
                .Select(customer => customer!["scenario"]!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    private static void AssertTexts(JsonNode node, string[] members, string[] tokens)
    {
        Assert.All(members, member => Assert.NotEmpty(node[member]!.GetValue<string>()));
        Assert.All(tokens, token => Assert.Equal(3, node["tokens"]![token]!.GetValue<string>().Split('.').Length));
    }

    private static IEnumerable<string> Texts(JsonNode? list, string member) => list!.AsArray().Select(item => item![member]!.GetValue<string>());

    private static string LineAfter(string text, string title) =>
        text.Split('\n').Single(line => line.StartsWith(title, StringComparison.Ordinal))[title.Length..].Trim();

    private static string NewDatabase(int port) => new Npgsql.NpgsqlConnectionStringBuilder(
        Environment.GetEnvironmentVariable("CONCORDAT_TEST_POSTGRES") ?? throw new InvalidOperationException("CONCORDAT_TEST_POSTGRES is not set."))
    { Database = $"concordat_run_{Environment.ProcessId}_{port}" }.ConnectionString;

    private static async Task ConfirmAsync(RunSandbox sandbox)
    {
        var (status, body) = await sandbox.SendAsync("POST", $"/v1/customers/{sandbox.Customer("never")}/agreements", $$"""
            {"templateId":"{{TestServer.Mca}}","dateAgreed":"2024-05-06T07:08:09Z",
             "primaryContact":{"firstName":"Hanako","lastName":"Sato","email":"hanako@customer.example"} }
            """);
        Assert.True(status == 201, body);
    }

    private static async Task<double> DaysAheadAsync(RunSandbox sandbox, string environment)
    {
        var state = JsonNode.Parse((await sandbox.SendAsync("GET", "/sandbox/clock")).Body)!;
        return (state["clocks"]![environment]!.GetValue<DateTimeOffset>() - state["wall"]!.GetValue<DateTimeOffset>()).TotalDays;
    }

    [GeneratedRegex(@"eyJ[\w-]+\.[\w-]+\.[\w-]+")]
    private static partial Regex Token();

    private static async Task<string?> TryGetAsync(HttpClient http, Uri address)
    {
        try
        {
            return await http.GetStringAsync(address);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
