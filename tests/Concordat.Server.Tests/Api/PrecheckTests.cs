namespace Concordat.Server.Tests.Api;

public class PrecheckTests(Servers servers)
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Get_EveryScenario_SaysWhatTheGateSays(string engine)
    {
        var server = await (await servers.GetAsync(engine)).LoadedAsync();
        foreach (var (scenario, permitted, code) in new (string, bool, int?)[]
        {
            ("never", false, 13605), ("cloud-agreement-only", false, 13605), ("attested-stale", false, 900428), ("attested-current", true, null),
            ("direct", true, null), ("direct-and-attested", true, null), ("national-cloud", true, null), ("refused", false, 900428),
        })
        {
            var answer = await server.SendAsync("GET", $"/api/customers/{TestServer.Customer(scenario)}/precheck");

            Assert.Equal(200, answer.Status);
            Assert.Equal(permitted, answer.Json["permitted"]!.GetValue<bool>());
            Assert.Equal(code, answer.Json["code"]?.GetValue<int>());
            Assert.Null(answer.Json["facts"]);
        }
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Get_BeforeAndAfterLoading_AnswersTheSame(string engine)
    {
        await using var server = await (await TestServer.StartAsync(engine)).LoadedAsync();
        var path = $"/api/customers/{TestServer.Customer("attested-stale")}/precheck?explain=true&at=2027-01-01T00:00:00Z";

        var fromMemory = await server.SendAsync("GET", path);
        server.Parts.Context.Standings.Clear();
        var fromStorage = await server.SendAsync("GET", path);

        Assert.Equal((200, fromMemory.Body), (fromStorage.Status, fromStorage.Body));
        Assert.Equal("attestedBeforeCutOff", fromMemory.Json["reason"]!.GetValue<string>());
        Assert.Equal("2023-04-01T00:00:00Z", fromMemory.Json["facts"]!["attestedBefore"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Get_PastDate_CountsWhatWasRecordedByThen(string engine)
    {
        var server = await servers.GetAsync(engine);
        var path = $"/api/customers/{TestServer.Customer("attested-current")}/precheck?at=";

        var before = await server.SendAsync("GET", path + "2024-09-01T00:00:00Z");
        var after = await server.SendAsync("GET", path + "2024-09-03T00:00:00Z");

        Assert.False(before.Json["permitted"]!.GetValue<bool>());
        Assert.Equal(13605, before.Json["code"]!.GetValue<int>());
        Assert.True(after.Json["permitted"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("?action=fly", 400, "unknownEnumWord", "action")]
    [InlineData("?channel=fax", 400, "unknownEnumWord", "channel")]
    [InlineData("?at=yesterday", 400, "invalidInput", "at")]
    public async Task Get_BadQuery_IsAProblemDocument(string query, int status, string code, string field)
    {
        var server = await servers.GetAsync("sqlite");

        var answer = await server.SendAsync("GET", $"/api/customers/{TestServer.Customer("direct")}/precheck{query}");

        Assert.Equal((status, code, field), (answer.Status, answer.Json["code"]!.GetValue<string>(), answer.Json["field"]!.GetValue<string>()));
        Assert.StartsWith("application/problem+json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(answer.Headers["MS-RequestId"], answer.Json["requestId"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Get_ForeignOrUnknownCustomer_CannotBeToldApart(string engine)
    {
        var server = await (await servers.GetAsync(engine)).LoadedAsync();

        var foreign = await server.SendAsync("GET", $"/api/customers/{TestServer.Customer("never", "harbor")}/precheck");
        var unknown = await server.SendAsync("GET", "/api/customers/0b6b7e0c-0000-4000-8000-00000000f00d/precheck");

        Assert.Equal((404, "customerNotFound"), (foreign.Status, foreign.Json["code"]!.GetValue<string>()));
        Assert.Equal((404, "customerNotFound"), (unknown.Status, unknown.Json["code"]!.GetValue<string>()));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Post_List_AnswersEveryItemInOrder(string engine)
    {
        var server = await servers.GetAsync(engine);
        var body = $$"""
            {"explain":true,"items":[
              {"customer":"{{TestServer.Customer("never")}}"},
              {"customer":"nobody"},
              {"customer":"{{TestServer.Customer("direct")}}","action":"quantityIncrease","at":"2030-01-01T00:00:00Z","channel":"ui"},
              {"customer":"{{TestServer.Customer("attested-current")}}","at":"2024-09-01T00:00:00Z"},
              {"customer":"{{TestServer.Customer("never", "harbor")}}"},
              null]}
            """;

        var answer = await server.SendAsync("POST", "/api/precheck", body, who: "helpdesk");

        Assert.Equal(200, answer.Status);
        var results = answer.Json["results"]!.AsArray();
        Assert.Equal(
            [(13605, null), (null, "invalidCustomerId"), (null, null), (13605, null), (null, "customerNotFound"), (null, "invalidCustomerId")],
            results.Select(result => (result!["decision"]?["code"]?.GetValue<int>(), result["problem"]?["code"]?.GetValue<string>())));
        Assert.True(results[2]!["decision"]!["permitted"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("""{"items":[]}""", 400)]
    [InlineData("[]", 400)]
    [InlineData("{", 400)]
    public async Task Post_BadList_IsRefused(string body, int status) =>
        Assert.Equal(status, (await (await servers.GetAsync("sqlite")).SendAsync("POST", "/api/precheck", body)).Status);

    [Fact]
    public async Task Post_MoreThanAThousand_IsRefused()
    {
        var items = string.Join(',', Enumerable.Repeat("""{"customer":"x"}""", 1001));

        var answer = await (await servers.GetAsync("sqlite")).SendAsync("POST", "/api/precheck", $$"""{"items":[{{items}}]}""");

        Assert.Equal((400, "items"), (answer.Status, answer.Json["field"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Get_TwoNodes_TheOtherSeesAConfirmationWithinASecond()
    {
        await using var first = await (await TestServer.StartAsync("postgres")).LoadedAsync();
        await using var second = await (await first.JoinAsync()).LoadedAsync();
        var customer = TestServer.Customer("never");
        Assert.False((await second.SendAsync("GET", $"/api/customers/{customer}/precheck")).Json["permitted"]!.GetValue<bool>());

        var confirmed = await first.SendAsync("POST", $"/v1/customers/{customer}/agreements", first.Confirmation());
        var took = await Until.TrueAsync(async () =>
            (await second.SendAsync("GET", $"/api/customers/{customer}/precheck")).Json["permitted"]!.GetValue<bool>());

        Assert.Equal(201, confirmed.Status);
        Assert.True(second.Parts.Context.Standings.Complete);
        Assert.True(took < TimeSpan.FromSeconds(1), $"It took {took}.");
        await Invariants.CheckAsync(second.Parts);
    }

    [Fact]
    public async Task Get_FeedBroken_ReadsStorageUntilReloaded()
    {
        await using var first = await (await TestServer.StartAsync("postgres")).LoadedAsync();
        await using var second = await (await first.JoinAsync()).LoadedAsync();
        var customer = TestServer.Customer("attested-stale");

        // Ends the listening connections of both nodes, as a fail-over would.
        await using (var source = Npgsql.NpgsqlDataSource.Create(first.Parts.Options.Postgres!))
        {
            await using var end = source.CreateCommand(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'");
            await end.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await Until.TrueAsync(() => !second.Parts.Context.Standings.Complete);
        await first.SendAsync("POST", $"/v1/customers/{customer}/agreements", first.Confirmation());
        var answer = await second.SendAsync("GET", $"/api/customers/{customer}/precheck");
        await second.LoadedAsync();
        var later = await second.SendAsync("GET", $"/api/customers/{customer}/precheck");

        Assert.True(answer.Json["permitted"]!.GetValue<bool>());
        Assert.True(later.Json["permitted"]!.GetValue<bool>());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Get_AfterReset_AnswersAsSeeded(string engine)
    {
        await using var server = await (await TestServer.StartAsync(engine)).LoadedAsync();
        var customer = TestServer.Customer("never");
        await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation());

        await server.SendAsync("POST", "/sandbox/reset");
        var answer = await server.SendAsync("GET", $"/api/customers/{customer}/precheck");

        Assert.Equal(13605, answer.Json["code"]!.GetValue<int>());
        Assert.True(server.Parts.Context.Standings.Complete);
        await Invariants.CheckAsync(server.Parts);
    }
}
