using System.Globalization;
using System.Text;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Sandbox;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.Wire;

/// <summary>Every sample of tests/Golden/wire on both engines.</summary>
public sealed class WireSampleTests(WireSampleTests.Fixture servers) : IClassFixture<WireSampleTests.Fixture>
{
    private static readonly string Folder = GoldenFolder.File("wire");

    public static TheoryData<string, string> Samples
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var file in Directory.EnumerateFiles(Folder, "*.http").Order(StringComparer.Ordinal))
            {
                data.Add(Path.GetFileNameWithoutExtension(file), "sqlite");
                data.Add(Path.GetFileNameWithoutExtension(file), "postgres");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Sample_Sent_GetsItsAnswer(string name, string engine)
    {
        var server = await servers.Of(engine);
        var sample = WireSample.Read(Path.Combine(Folder, name + ".http"));
        var clock = sample.Setting("clock") ?? Fixture.Today;
        await server.Clock.SetAsync(PartnerEnvironment.Production, DateTimeOffset.Parse(clock, CultureInfo.InvariantCulture));
        await SwitchAsync(server, sample.Setting("switches"));
        var words = await WordsAsync(server, sample);
        if (sample.Setting("attestation") is { } state)
        {
            words["{attestation}"] = (await FreshAttestations.AddAsync(server, state)).ToString();
        }

        var before = await StoredRows.LedgerAsync(server.Parts);

        var answers = new List<Answer>();
        foreach (var exchange in sample.Exchanges)
        {
            var answer = await SendAsync(server, exchange, words);
            answers.Add(answer);
            Check(exchange, answer, words);
        }

        var entries = long.Parse(sample.Setting("ledger") ?? "0", CultureInfo.InvariantCulture);
        Assert.Equal(entries, await StoredRows.LedgerAsync(server.Parts) - before);
        Assert.DoesNotContain(sample.Settings["never"], text => answers.Exists(answer => Whole(answer).Contains(text, StringComparison.Ordinal)));
        await (entries > 0 ? Invariants.CheckAsync(server.Parts) : Task.CompletedTask);
        await (sample.Setting("switches") is null ? Task.CompletedTask : SwitchAsync(server, null));
    }

    private static void Check(Exchange exchange, Answer answer, Dictionary<string, string> words)
    {
        var shown = $"{exchange.Request[0]} answered\n{Whole(answer)}";
        Assert.True(exchange.Status == answer.Status, $"Expected {exchange.Status}; {shown}");
        foreach (var (header, pattern) in exchange.Headers)
        {
            var value = answer.Headers.GetValueOrDefault(header);
            Assert.True(pattern == "-" ? value is null : value is not null && WirePattern.Matches(Fill(pattern, words), value),
                $"Expected {header}: {pattern}; {shown}");
        }

        Assert.True(WirePattern.Matches(Fill(exchange.Answer, words), answer.Body), $"Expected {exchange.Answer}\n{shown}");
    }

    private static Task<Answer> SendAsync(TestServer server, Exchange exchange, Dictionary<string, string> words)
    {
        var headers = exchange.Request.Skip(1).Select(line => Fill(line, words)).ToList();
        if (Callers.AuthorizationOf(server, exchange.Caller) is { } authorization)
        {
            headers.Insert(0, $"Authorization: {authorization}");
        }

        var request = RawHttp.Request(
            Fill(exchange.Request[0], words) + " HTTP/1.1", [$"Host: {new Uri(server.BaseUrl).Authority}", "Connection: close", .. headers],
            Encoding.UTF8.GetBytes(Fill(exchange.Body, words)));
        return RawHttp.SendAsync(server.BaseUrl, request);
    }

    private static async Task<Dictionary<string, string>> WordsAsync(TestServer server, WireSample sample)
    {
        var now = server.Parts.Context.PolicyNow(PartnerEnvironment.Production);
        var admin = SeedPlan.PersonOf(TestServer.Partner("aozora"), "admin", Roles.AdminAgent);
        var customer = sample.Setting("customer") is { } scenario ? await FreshCustomers.AddAsync(server, scenario) : default;
        return new Dictionary<string, string>
        {
            ["{customer}"] = customer.ToString(),
            ["{CUSTOMER}"] = customer.ToString().ToUpperInvariant(),
            ["{foreign}"] = TestServer.Customer("never", "harbor").ToString(),
            ["{user}"] = admin.Oid.ToString("D"),
            ["{base}"] = server.BaseUrl,
            ["{now}"] = Text(now),
            ["{now+4m}"] = Text(now.AddMinutes(4)),
            ["{now+6m}"] = Text(now.AddMinutes(6)),
        };

        static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>Overrides of the first partner's switches; null for none.</summary>
    private static async Task SwitchAsync(TestServer server, string? overrides)
    {
        if (overrides is null && server.Parts.Directory.Find(TestServer.Partner("aozora").Id)!.Switches == Fixture.Seeded)
        {
            return;
        }

        var rows = await server.Parts.Database.ReadEverythingAsync(PartnerRows.AllAsync);
        var row = rows.Single(partner => partner.Id == TestServer.Partner("aozora").Id);
        _ = (await server.Parts.Context.Loop.RunAsync(
            new SaveDirectory([row with { Switches = overrides ?? Fixture.SeededText }], [], []))).Value;
        await server.Parts.Directory.RefreshAsync();
    }

    private static string Fill(string text, Dictionary<string, string> words) =>
        words.Aggregate(text, (filled, word) => filled.Replace(word.Key, word.Value, StringComparison.Ordinal));

    private static string Whole(Answer answer) =>
        string.Join('\n', answer.Headers.Select(header => $"{header.Key}: {header.Value}").Prepend($"{answer.Status}")) + "\n\n" + answer.Body;

    /// <summary>One server per engine for all samples; they run one after the other, so counts and clocks are theirs.</summary>
    public sealed class Fixture : IAsyncDisposable
    {
        public const string Today = "2025-12-01T00:00:00Z";
        public const string SeededText = """{"throttling":"false"}""";

        private readonly Dictionary<string, TestServer> started = [];

        internal static Switches Seeded { get; } = PartnerSwitches.Of(SwitchProfiles.Default, SeededText);

        public async Task<TestServer> Of(string engine) =>
            started.TryGetValue(engine, out var server) ? server : started[engine] = await TestServer.StartAsync(engine);

        public async ValueTask DisposeAsync()
        {
            foreach (var server in started.Values)
            {
                await server.DisposeAsync();
            }
        }
    }
}
