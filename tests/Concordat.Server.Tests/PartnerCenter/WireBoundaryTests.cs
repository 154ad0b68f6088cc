using System.Text;
using System.Text.Json.Nodes;
using Concordat.Server.PartnerCenter;
using Concordat.Server.Hosting;
using Microsoft.AspNetCore.Http;

namespace Concordat.Server.Tests.PartnerCenter;

public class WireBoundaryTests(Servers servers)
{
    [Fact]
    public async Task Run_ABugShows_AnswersTheEnvelopeAndLogsTheDetailsOnly()
    {
        using var log = new CapturedLog();
        var answer = await RunAsync(_ => throw new InvalidOperationException("secret detail"), log);

        Assert.Equal((500, 500), (answer.Status, answer.Code));
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.Contains("secret detail", StringComparison.Ordinal)
            && line.Contains(answer.Headers["MS-RequestId"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_TheDatabaseIsGone_AnswersServerBusyWithRetryAfter()
    {
        using var log = new CapturedLog();
        var answer = await RunAsync(_ => throw new TimeoutException("db01.internal"), log);

        Assert.Equal((503, 503), (answer.Status, answer.Code));
        Assert.Equal("5", answer.Headers["Retry-After"]);
        Assert.DoesNotContain("db01", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(413)]
    [InlineData(415)]
    [InlineData(500)]
    public async Task Run_TheFrameworkSetsABareStatus_GetsTheEnvelope(int status)
    {
        using var log = new CapturedLog();
        var answer = await RunAsync(http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        }, log);

        Assert.Equal(status, answer.Status);
        Assert.Equal(["code", "description", "data", "source"], answer.Json.AsObject().Select(member => member.Key));
        Assert.IsType<JsonArray>(answer.Json["data"]);
    }

    private async Task<Answer> RunAsync(RequestDelegate next, CapturedLog log)
    {
        var server = await servers.GetAsync("sqlite");
        var http = new DefaultHttpContext();
        http.Request.Path = "/v1/agreements";
        http.Request.Method = "GET";
        using var body = new MemoryStream();
        http.Response.Body = body;
        await new Boundary([("/v1", WireRoutes.Edge)], server.Parts.Context.Ids, log.CreateLogger("test")).RunAsync(http, next);
        return new Answer(http.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()),
            http.Response.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
    }
}
