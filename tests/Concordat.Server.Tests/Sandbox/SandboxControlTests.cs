using System.Diagnostics;
using Concordat.Core.Policy;

namespace Concordat.Server.Tests.Sandbox;

public class SandboxControlTests(Servers servers)
{
    public static TheoryData<string> Engines => Servers.Engines;

    [Fact]
    public async Task Clock_SetThenAdvanced_RunsOnFromThereInThatEnvironmentOnly()
    {
        await using var server = await TestServer.StartAsync("sqlite");

        await server.SendAsync("POST", "/sandbox/clock", """{"environment":"Production","set":"2025-10-07T00:00:00+00:00"}""");
        var moved = await server.SendAsync("POST", "/sandbox/clock", """{"environment":"production","advance":"P1DT1H"}""");

        Assert.Equal(200, moved.Status);
        Assert.StartsWith("2025-10-08T01:00:0", moved.Json["clocks"]!["production"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.InRange((moved.Json["clocks"]!["sandbox"]!.GetValue<DateTimeOffset>() - moved.Json["wall"]!.GetValue<DateTimeOffset>()).TotalSeconds, -1, 1);
    }

    [Theory]
    [InlineData("", "MalformedBody")]
    [InlineData("[]", "MalformedBody")]
    [InlineData("""{"set":"yesterday"}""", "MalformedBody")]
    [InlineData("""{"sett":"2025-10-07T00:00:00Z"}""", "MalformedBody")]
    [InlineData("{}", "InvalidInput")]
    [InlineData("""{"set":"2025-10-07T00:00:00Z","advanceSeconds":1}""", "InvalidInput")]
    [InlineData("""{"advance":"soon"}""", "InvalidInput")]
    [InlineData("""{"advance":"P99999999999D"}""", "InvalidInput")]
    [InlineData("""{"advanceSeconds":1e300}""", "InvalidInput")]
    [InlineData("""{"advanceSeconds":1e10}""", "InvalidInput")]
    [InlineData("""{"set":"1999-12-31T00:00:00Z"}""", "InvalidInput")]
    [InlineData("""{"set":"9999-12-31T00:00:00Z"}""", "InvalidInput")]
    [InlineData("""{"environment":"moon","advanceSeconds":1}""", "InvalidInput")]
    [InlineData("""{"environment":"1","advanceSeconds":1}""", "InvalidInput")]
    public async Task Clock_BadRequest_IsExplainedInJsonAndMovesNothing(string body, string error)
    {
        var server = await servers.GetAsync("sqlite");

        var answer = await server.SendAsync("POST", "/sandbox/clock", body);

        Assert.Equal((400, error), (answer.Status, answer.Json["error"]!.GetValue<string>()));
        Assert.NotEmpty(answer.Json["message"]!.GetValue<string>());
        Assert.Equal(TimeSpan.Zero, server.Parts.Context.Clocks.Policy(PartnerEnvironment.Production).Offset);
    }

    [Fact]
    public async Task Control_RequestOfAWebPage_IsRefused()
    {
        var server = await servers.GetAsync("sqlite");
        Assert.Equal(403, (await server.SendAsync("POST", "/sandbox/reset", headers: ("Origin", "https://page.example"))).Status);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Reset_AfterChanges_RestoresTheSeedQuickly(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = $"/v1/customers/{TestServer.Customer("never")}";
        await server.SendAsync("POST", $"{customer}/agreements", server.Confirmation());
        Assert.Equal(201, (await server.SendAsync("POST", $"{customer}/orders", TestServer.Order())).Status);
        await server.SendAsync("POST", "/sandbox/clock", """{"advanceSeconds":86400}""");
        var standings = server.Parts.Context.Standings.Count;

        var times = new List<TimeSpan>();
        for (var i = 0; i < 3; i++)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.Equal(200, (await server.SendAsync("POST", "/sandbox/reset")).Status);
            times.Add(Stopwatch.GetElapsedTime(started));
        }

        // A tenth of a second on an idle machine; the tests beside this one share its disk.
        Assert.InRange(times.Min(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(403, (await server.SendAsync("POST", $"{customer}/orders", TestServer.Order())).Status);
        Assert.Equal(TimeSpan.Zero, server.Parts.Context.Clocks.Policy(PartnerEnvironment.Production).Offset);
        Assert.Equal(standings, server.Parts.Context.Standings.Count);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Reset_WhileRequestsRun_NobodySeesAHalfEmptySandbox(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        using var ending = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            var statuses = new List<int>();
            while (!ending.IsCancellationRequested)
            {
                statuses.Add((await server.SendAsync("POST", $"/v1/customers/{TestServer.Customer("attested-current")}/orders", TestServer.Order())).Status);
                var confirmation = server.Confirmation($"person{number}-{statuses.Count}@customer.example");
                statuses.Add((await server.SendAsync("POST", $"/v1/customers/{TestServer.Customer("never")}/agreements", confirmation)).Status);
            }

            return statuses;
        })).ToArray();

        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            Assert.Equal(200, (await server.SendAsync("POST", "/sandbox/reset")).Status);
        }

        await ending.CancelAsync();
        foreach (var client in clients)
        {
            Assert.All(await client, status => Assert.Equal(201, status));
        }

        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/sandbox")]
    [InlineData("/nothing")]
    public async Task Pages_OutsideTheWire_CarrySecurityHeaders(string path)
    {
        var headers = (await (await servers.GetAsync("sqlite")).SendAsync("GET", path)).Headers;
        Assert.Equal("nosniff", headers["X-Content-Type-Options"]);
        Assert.Equal("no-store", headers["Cache-Control"]);
        Assert.StartsWith("default-src 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
    }
}
