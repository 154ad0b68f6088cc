using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Sandbox;

namespace Concordat.Server.Tests.EndToEnd;

/// <summary>The program as operators run it: from an empty machine to a partner's first call.</summary>
public sealed class ProductionTests : IDisposable
{
    private const string Tenant = "b0c4a3d2-5f1e-4c58-9d0e-6a2f43c7e101";
    private readonly string data = Path.Combine(Path.GetTempPath(), $"concordat-production-{Guid.CreateVersion7():N}");
    private readonly RSA key = RSA.Create(2048);

    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Serve_NewDeployment_TakesOnboardedPartnersUpToTheirLimit(string engine)
    {
        await using var entra = await Listener.StartAsync();
        var issuer = new TokenIssuer(new Uri("https://login.microsoftonline.com"), key, new IdSource(TimeProvider.System), TimeProvider.System);
        entra.Document = $$"""
            {"keys":[{"kty":"RSA","use":"sig","kid":"{{issuer.Kid}}","n":"{{issuer.Modulus}}","e":"{{issuer.Exponent}}",
             "issuer":"https://login.microsoftonline.com/{tenantid}/v2.0"}]}
            """;
        var port = Child.FreePort();
        (string, string)[] environment =
        [
            ("CONCORDAT_DATA_DIRECTORY", data), ("CONCORDAT_LEDGER_ANCHOR_FILE", "none"), ("CONCORDAT_URLS", $"http://127.0.0.1:{port}"), ("CONCORDAT_REQUESTS_PER_MINUTE", "2"),
            ("CONCORDAT_ENTRA_KEYS_V2", $"{entra.BaseUrl}/keys"),
            .. engine == "postgres" ? [("CONCORDAT_POSTGRES", NewDatabase(port))] : ((string, string)[])[],
        ];

        Assert.Equal(3, await ExitAsync(environment, "serve"));
        Assert.Equal(0, await ExitAsync(environment, "migrate", "--create-key"));
        Assert.Equal(0, await ExitAsync(environment, "check"));
        Assert.Equal(2, await ExitAsync(environment, "partner", "add", "--tenant", "x", "--kind", "y", "--name", "z", "--domain", "-", "--country", "XX"));
        Assert.Equal(0, await ExitAsync(environment, "partner", "add", "--tenant", Tenant, "--kind", "direct-bill", "--name", "Corner Cloud",
            "--domain", "corner.example", "--country", "GB", "--switch", "mfaRequired=false"));
        using var list = Child.Server(["partner", "list"], environment);
        Assert.Equal(0, await list.EndAsync());
        Assert.Contains($$"""{{Tenant}}  direct-bill       production active   microsoft-2025 {"mfaRequired":"false"}  Corner Cloud""", list.Output, StringComparison.Ordinal);

        using var server = Child.Server(["serve"], environment);
        await server.ReadyAsync($"http://127.0.0.1:{port}");
        var token = issuer.Mint(new Caller(new PartnerId(Guid.Parse(Tenant)), Guid.CreateVersion7(), Guid.CreateVersion7(), CallerKind.AppPlusUser, Roles.AdminAgent, Mfa: false), TimeSpan.FromHours(1));
        var path = $"http://127.0.0.1:{port}/v1/customers/{Guid.CreateVersion7()}/orders";
        var statuses = new List<int>();
        foreach (var bearer in new[] { "x.y.z", token, token, token })
        {
            statuses.Add(await StatusAsync(HttpMethod.Post, path, bearer));
        }

        Assert.Equal([401, 404, 404, 429], statuses);
        Assert.Equal(404, await StatusAsync(HttpMethod.Get, $"http://127.0.0.1:{port}/sandbox", token));
        Assert.Equal(0, await server.TerminateAsync());
        Assert.All(LinesOf(server), line => JsonDocument.Parse(line).Dispose());
        Assert.Contains("Refused before it began: TokenInvalid", server.Output, StringComparison.Ordinal);
        Assert.Contains($"Partner {Tenant} has reached its limit of POST customers/{{customer}}/orders", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(token, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_HeadersWithLineBreaks_ForgeNoLogLine()
    {
        var port = Child.FreePort();
        (string, string)[] environment = [("CONCORDAT_DATA_DIRECTORY", data), ("CONCORDAT_LEDGER_ANCHOR_FILE", "none"), ("CONCORDAT_URLS", $"http://127.0.0.1:{port}")];
        Assert.Equal(0, await ExitAsync(environment, "migrate", "--create-key"));
        using var server = Child.Server(["serve"], environment);
        await server.ReadyAsync($"http://127.0.0.1:{port}");

        foreach (var id in (string[])["a\nforged", "a\rforged", "a\r\n forged", "a\u0085forged", "a\u2028forged", "a\",\"forged\":\"1"])
        {
            using var socket = new TcpClient("127.0.0.1", port);
            await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                $"GET /v1/agreements HTTP/1.1\r\nHost: x\r\nConnection: close\r\nMS-RequestId: {id}\r\nAuthorization: Bearer {id}\r\n\r\n"), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(socket.GetStream());
            Assert.Matches("^HTTP/1.1 40[01] ", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(0, await server.TerminateAsync());
        Assert.All(LinesOf(server), line =>
        {
            using var json = JsonDocument.Parse(line);
            Assert.False(json.RootElement.TryGetProperty("forged", out _));
        });
    }

    [Fact]
    public async Task Serve_UnsafeOrAbsentDatabase_SaysSoInOneLine()
    {
        (string, string)[] Environment(string postgres) => [("CONCORDAT_DATA_DIRECTORY", data), ("CONCORDAT_LEDGER_ANCHOR_FILE", "none"), ("CONCORDAT_POSTGRES", postgres)];
        var good = NewDatabase(1);
        Assert.Equal(0, await ExitAsync(Environment(good), "migrate", "--create-key"));

        using var relaxed = Child.Server(["serve"], Environment(good + ";Options=-c synchronous_commit=off"));
        Assert.Equal(3, await relaxed.EndAsync());
        Assert.Equal("PostgreSQL runs with synchronous_commit=off; an acknowledged record could be lost. Set it to on.", relaxed.Output.Trim());

        using var absent = Child.Server(["serve"], Environment($"Host=127.0.0.1;Port={Child.FreePort()};Database=x;Password=hunter2;Timeout=3"));
        Assert.Equal(1, await absent.EndAsync());
        Assert.Single(LinesOf(absent));
        Assert.DoesNotContain("hunter2", absent.Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        key.Dispose();
        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static string[] LinesOf(Child child) => child.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<int> ExitAsync((string, string)[] environment, params string[] args)
    {
        using var child = Child.Server(args, environment);
        return await child.EndAsync();
    }

    private static async Task<int> StatusAsync(HttpMethod method, string url, string bearer)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(url));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        request.Content = method == HttpMethod.Post ? new StringContent(TestServer.Order(), Encoding.UTF8, "application/json") : null;
        using var response = await http.SendAsync(request);
        Assert.True((int)response.StatusCode != 429 || response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        return (int)response.StatusCode;
    }

    private static string NewDatabase(int port) => new Npgsql.NpgsqlConnectionStringBuilder(
        Environment.GetEnvironmentVariable("CONCORDAT_TEST_POSTGRES") ?? throw new InvalidOperationException("CONCORDAT_TEST_POSTGRES is not set."))
    { Database = $"concordat_serve_{Environment.ProcessId}_{port}" }.ConnectionString;
}
