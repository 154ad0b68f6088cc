using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Concordat.Core.Policy;
using Concordat.Server.Tests.PartnerCenter;

namespace Concordat.Server.Tests.BadInput;

/// <summary>
/// Every cell of tests/Golden/bad-input.txt over HTTP on both engines. A refusal has the status and code of its cell and
/// the fault envelope, stores nothing (the audit aside) and shows the value neither to the caller nor in the log.
/// </summary>
public sealed class BadInputTests(BadInputTests.Fixture servers) : IClassFixture<BadInputTests.Fixture>
{
    public static TheoryData<string, string> Sections
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var section in BadInputTable.Sections)
            {
                data.Add(section.Name, "sqlite");
                data.Add(section.Name, "postgres");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public async Task Section_EveryCell_EndsAsTheTableSays(string name, string engine)
    {
        var (server, known) = await servers.Of(engine);
        var section = BadInputTable.Sections.Single(section => section.Name == name);
        var faults = new List<string>();
        foreach (var (place, row) in section.Places.SelectMany(place => section.Rows.Select(row => (place, row))))
        {
            RawRequest[] requests = [.. Requests(place, row, new Cell(servers.NextNumber(), known))];
            var before = await StateAsync(server, requests[0]);
            foreach (var request in requests)
            {
                var answer = await SendAsync(server, request);
                faults.AddRange(FaultsOf(row, answer).Select(fault => $"{place}, {row.Class}: {fault}"));
            }

            if (!row.Passes && await StateAsync(server, requests[0]) is var after && after != before)
            {
                faults.Add($"{place}, {row.Class}: rows before\n{before}\nand after\n{after}");
            }
        }

        var secrets = section.Rows.Select(row => row.Value.Length == 0 ? null : Place.Secret(row.Value)).OfType<string>().ToList();
        faults.AddRange(server.Log.Lines.Where(line => secrets.Exists(secret => line.Contains(secret, StringComparison.Ordinal))));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Body_WithMembersThatTheServerDecides_HasNoEffect(string engine)
    {
        var (server, known) = await servers.Of(engine);
        var stranger = Guid.Parse("c1b2a3d4-1111-4222-8333-944455566677", CultureInfo.InvariantCulture).ToString("D");
        var more = $$"""
            ,"userId":"{{stranger}}","status":"deleted","partnerId":"{{stranger}}","tenantId":"{{stranger}}","customerId":"{{stranger}}",
             "id":"{{stranger}}","alternateId":"x","referenceCustomerId":"{{stranger}}","creationDate":"2001-01-01T00:00:00Z","transactionType":"SystemBilling",
             "recordedAt":"2001-01-01T00:00:00Z","method":"direct","version":9,"entryId":"{{stranger}}"}
            """;
        foreach (var call in (string[])["confirm", "order"])
        {
            var (line, body) = Place.Good(call, new Cell(servers.NextNumber(), known));
            var answer = await SendAsync(server, new RawRequest(line, [], [.. System.Text.Encoding.UTF8.GetBytes(body.Trim()[..^1] + more)]));

            Assert.Equal(201, answer.Status);
            Assert.DoesNotContain(stranger, answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("2001", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("SystemBilling", answer.Body, StringComparison.Ordinal);
            Assert.NotEqual("deleted", answer.Json["status"]?.GetValue<string>());
        }

        await Invariants.CheckAsync(server.Parts);
    }

    /// <summary>How many rows there are and, for a call that changes a resource, what that looks like.</summary>
    private static async Task<string> StateAsync(TestServer server, RawRequest request)
    {
        var rows = await StoredRows.ExceptAuditAsync(server.Parts);
        return request.Line.Split(' ') is ["PUT" or "PATCH", var path] && Uri.IsWellFormedUriString(path, UriKind.Relative) && path.Length < 200
            ? $"{rows} {(await server.SendAsync("GET", path)).Body}"
            : rows;
    }

    private static IEnumerable<RawRequest> Requests(string place, BadInputRow row, Cell cell)
    {
        if (row.Value.Length == 0)
        {
            var (line, body) = Place.Good(place, cell);
            return HttpClasses.Of(row.Class, line, body);
        }

        var put = Place.Put(place, row.Value, cell);
        return [new RawRequest(put.Line, put.Headers, put.Body)];
    }

    private static Task<Answer> SendAsync(TestServer server, RawRequest request) => RawHttp.SendAsync(server.BaseUrl, RawHttp.Request(
        request.Line + " HTTP/1.1",
        [$"Host: {new Uri(server.BaseUrl).Authority}", "Connection: close", $"Authorization: Bearer {server.Token("aozora", request.Line.Contains("/attestations/", StringComparison.Ordinal) ? "app" : "admin")}",
            .. request.Line.StartsWith("PUT", StringComparison.Ordinal) ? (string[])["If-Match: *"] : [], .. request.Headers],
        request.Body), request.HangUp);

    private static IEnumerable<string> FaultsOf(BadInputRow row, Answer answer)
    {
        if (row.Passes)
        {
            return answer.Status is 200 or 201 && RecordOf(answer) is (null or 200 or 201, _) ? [] : [$"should pass, got {answer.Status} {answer.Body}"];
        }

        if (row.InRecord)
        {
            return answer.Status == 200 && RecordOf(answer) == (row.Status, row.Code) ? [] : [$"should get {row.Expected}, got {answer.Status} {answer.Body}"];
        }

        if (answer.Status != row.Status)
        {
            return [$"should get {row.Expected}, got {answer.Status} {answer.Body}"];
        }

        // What Kestrel refuses never reaches the application: it has the status and no body.
        return row.Code is null ? answer.Body.Length == 0 ? [] : [$"Kestrel answered {answer.Body}"] : EnvelopeFaults(row, answer);
    }

    /// <summary>What became of the only record of an answer that tells of each: status and code.</summary>
    private static (int? Status, string? Code) RecordOf(Answer answer)
    {
        (int? Status, string? Code) none = (null, null);
        return !answer.Body.StartsWith('[') && !answer.Body.StartsWith('{') ? none : answer.Json switch
        {
            JsonArray { Count: 1 } records => (records[0]!["status"]!.GetValue<int>(), records[0]!["code"]?.ToString()),
            JsonObject list when list["results"] is JsonArray results => results[0]!["problem"] is { } problem ? (400, problem["code"]!.ToString()) : (200, null),
            JsonObject address when address["suggestedAddresses"] is JsonArray { Count: 0 } => (400, address["status"]!.ToString()),
            _ => none,
        };
    }

    private static IEnumerable<string> EnvelopeFaults(BadInputRow row, Answer answer)
    {
        JsonObject fault;
        try
        {
            fault = answer.Json.AsObject();
        }
        catch (JsonException)
        {
            return [$"no envelope: {answer.Body}"];
        }

        // Our own surface answers problem documents, whose codes are words.
        var good = answer.Headers.ContainsKey("MS-RequestId") && fault["code"] is not null && (char.IsAsciiDigit(row.Code![0])
            ? fault["code"]!.GetValueKind() == JsonValueKind.Number && fault["description"]?.GetValueKind() == JsonValueKind.String && fault["data"] is JsonArray
            : answer.Headers["Content-Type"] == "application/problem+json" && fault["status"]?.GetValue<int>() == row.Status
                && fault["detail"]?.GetValueKind() == JsonValueKind.String && fault["requestId"] is not null);
        var secret = row.Value.Length == 0 ? null : Place.Secret(row.Value);
        return !good ? [$"no envelope: {answer.Body}"]
            : fault["code"]!.ToString() != row.Code ? [$"should get {row.Expected}, got {answer.Status}/{fault["code"]} {answer.Body}"]
            : secret is not null && answer.Body.Contains(secret, StringComparison.Ordinal) ? [$"repeats the value: {answer.Body}"]
            : [];
    }

    /// <summary>One server per engine for the whole table, its clock set so that dates in the table stay good.</summary>
    public sealed class Fixture : IAsyncDisposable
    {
        private readonly Dictionary<string, (TestServer Server, Known Known)> started = [];
        private int number;

        public int NextNumber() => Interlocked.Increment(ref number);

        internal async Task<(TestServer Server, Known Known)> Of(string engine)
        {
            if (!started.TryGetValue(engine, out var known))
            {
                var server = await TestServer.StartAsync(engine);
                await server.Clock.SetAsync(PartnerEnvironment.Production, new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero));
                known = started[engine] = (server, await KnownAsync(server));
            }

            return known;
        }

        private static async Task<Known> KnownAsync(TestServer server)
        {
            var attested = await FreshCustomers.AddAsync(server, "direct");
            var customer = $"/v1/customers/{attested}";
            var order = (await server.SendAsync("POST", $"{customer}/orders", TestServer.Order())).Json;
            var other = (await server.SendAsync("POST", $"{customer}/orders", TestServer.Order())).Json;
            return new Known(
                await FreshCustomers.AddAsync(server, "never"), attested,
                $"/v1/customers/{await CustomerBodies.AddAsync(server, "Tamarack Joinery")}/profiles/billing",
                $"{customer}/orders/{order["id"]}", $"{customer}/subscriptions/{other["lineItems"]![0]!["subscriptionId"]}");
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var (server, _) in started.Values)
            {
                await server.DisposeAsync();
            }
        }
    }
}
