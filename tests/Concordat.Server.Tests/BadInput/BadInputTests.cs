using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Concordat.Core;
using Concordat.Core.Policy;

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
        var (server, never, attested) = await servers.Of(engine);
        var section = BadInputTable.Sections.Single(section => section.Name == name);
        var faults = new List<string>();
        foreach (var (place, row) in section.Places.SelectMany(place => section.Rows.Select(row => (place, row))))
        {
            var before = await StoredRows.ExceptAuditAsync(server.Parts);
            foreach (var request in Requests(place, row, new Cell(servers.NextNumber(), never, attested)))
            {
                var answer = await SendAsync(server, request);
                faults.AddRange(FaultsOf(row, answer).Select(fault => $"{place}, {row.Class}: {fault}"));
            }

            if (!row.Passes && await StoredRows.ExceptAuditAsync(server.Parts) is var after && after != before)
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
        var (server, never, attested) = await servers.Of(engine);
        var stranger = Guid.Parse("c1b2a3d4-1111-4222-8333-944455566677", CultureInfo.InvariantCulture).ToString("D");
        var more = $$"""
            ,"userId":"{{stranger}}","status":"deleted","partnerId":"{{stranger}}","tenantId":"{{stranger}}","customerId":"{{stranger}}",
             "id":"{{stranger}}","alternateId":"x","referenceCustomerId":"{{stranger}}","creationDate":"2001-01-01T00:00:00Z","transactionType":"SystemBilling",
             "recordedAt":"2001-01-01T00:00:00Z","method":"direct","version":9,"entryId":"{{stranger}}"}
            """;
        foreach (var call in (string[])["confirm", "order"])
        {
            var (line, body) = Place.Good(call, new Cell(servers.NextNumber(), never, attested));
            var answer = await SendAsync(server, new RawRequest(line, [], [.. System.Text.Encoding.UTF8.GetBytes(body.Trim()[..^1] + more)]));

            Assert.Equal(201, answer.Status);
            Assert.DoesNotContain(stranger, answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("2001", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("SystemBilling", answer.Body, StringComparison.Ordinal);
            Assert.NotEqual("deleted", answer.Json["status"]?.GetValue<string>());
        }

        await Invariants.CheckAsync(server.Parts);
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
        [$"Host: {new Uri(server.BaseUrl).Authority}", "Connection: close", $"Authorization: Bearer {server.Token("aozora", "admin")}", .. request.Headers],
        request.Body), request.HangUp);

    private static IEnumerable<string> FaultsOf(BadInputRow row, Answer answer)
    {
        if (row.Passes)
        {
            return answer.Status is 200 or 201 ? [] : [$"should pass, got {answer.Status} {answer.Body}"];
        }

        if (answer.Status != row.Status)
        {
            return [$"should get {row.Expected}, got {answer.Status} {answer.Body}"];
        }

        // What Kestrel refuses never reaches the application: it has the status and no body.
        return row.Code is null ? answer.Body.Length == 0 ? [] : [$"Kestrel answered {answer.Body}"] : EnvelopeFaults(row, answer);
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

        var good = fault["code"]?.GetValueKind() == JsonValueKind.Number && fault["description"]?.GetValueKind() == JsonValueKind.String
            && fault["data"] is JsonArray && answer.Headers.ContainsKey("MS-RequestId");
        var secret = row.Value.Length == 0 ? null : Place.Secret(row.Value);
        return !good ? [$"no envelope: {answer.Body}"]
            : answer.Code != row.Code ? [$"should get {row.Expected}, got {answer.Status}/{answer.Code} {answer.Body}"]
            : secret is not null && answer.Body.Contains(secret, StringComparison.Ordinal) ? [$"repeats the value: {answer.Body}"]
            : [];
    }

    /// <summary>One server per engine for the whole table, its clock set so that dates in the table stay good.</summary>
    public sealed class Fixture : IAsyncDisposable
    {
        private readonly Dictionary<string, (TestServer, CustomerId, CustomerId)> started = [];
        private int number;

        public int NextNumber() => Interlocked.Increment(ref number);

        internal async Task<(TestServer Server, CustomerId Never, CustomerId Attested)> Of(string engine)
        {
            if (!started.TryGetValue(engine, out var known))
            {
                var server = await TestServer.StartAsync(engine);
                await server.Clock.SetAsync(PartnerEnvironment.Production, new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero));
                known = started[engine] = (server, await FreshCustomers.AddAsync(server, "never"), await FreshCustomers.AddAsync(server, "direct"));
            }

            return known;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var (server, _, _) in started.Values)
            {
                await server.DisposeAsync();
            }
        }
    }
}
