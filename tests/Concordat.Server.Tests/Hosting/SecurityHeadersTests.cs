using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Concordat.Server.Tests.Hosting;

public sealed class SecurityHeadersTests(Servers servers)
{
    /// <summary>Every route outside the emulated wire, as a stranger's browser gets it: what it answers does not matter, what it is allowed does.</summary>
    [Fact]
    public async Task EveryPage_ToAStranger_IsHeldToItsOwnFiles()
    {
        var server = await servers.GetAsync("sqlite");
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(server.BaseUrl) };
        var id = await Attesting.CreateAsync(server);
        var paths = server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(endpoint => "/" + System.Text.RegularExpressions.Regex.Replace(endpoint.RoutePattern.RawText!.TrimStart('/'), "{[^}]*}", "x"))
            .Where(path => !path.StartsWith("/v1", StringComparison.OrdinalIgnoreCase))
            .Append(Attesting.PathOf(id)).Append("/mca/").Append("/no/such/page").Distinct().ToList();
        Assert.Contains("/mca", paths);

        foreach (var path in paths)
        {
            using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src *", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Contains("geolocation=()", answer.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
            Assert.Contains(answer.Headers.GetValues("Referrer-Policy").Single(), (string[])["no-referrer", "same-origin"]);
            // Assets and the ledger's files are the same for everybody and name nobody.
            Assert.True(answer.Headers.CacheControl!.NoStore || path.StartsWith("/ledger/", StringComparison.Ordinal) || path.StartsWith("/assets/", StringComparison.Ordinal), path);
            Assert.False(answer.Headers.Contains("Server"), path);
        }
    }
}
