using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Storage;
using Concordat.Server.Tests.Campaigns;

namespace Concordat.Server.Tests.Acceptance;

public sealed partial class AcceptPageAbuseTests(Servers servers)
{
    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Fetch_AThousandTimes_AcceptsNothingAndTheFormStaysGood(string engine)
    {
        var server = await servers.GetAsync(engine);
        using var http = AcceptPageTests.Browserless(server);
        var id = await Attesting.CreateAsync(server);
        var form = await Form.OpenAsync(http, Attesting.PathOf(id));
        var entry = (await Attesting.FindAsync(server, id)).Row.Version;

        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancel) =>
        {
            using var request = new HttpRequestMessage(i % 2 == 0 ? HttpMethod.Get : HttpMethod.Head, Attesting.PathOf(id));
            using var answer = await http.SendAsync(request, cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        });

        var row = (await Attesting.FindAsync(server, id)).Row;
        Assert.Equal((AttestationState.Pending, entry), (row.Attestation.State, row.Version));
        using var accepted = await form.SendAsync("accept", ("agree", "yes"));
        Assert.Equal((HttpStatusCode.OK, AttestationState.Accepted), (accepted.StatusCode, await Attesting.StateAsync(server, id)));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Post_AHundredAtOnce_IsOneAcceptanceAndOneAnswer(string engine)
    {
        var server = await servers.GetAsync(engine);
        using var http = AcceptPageTests.Browserless(server);
        var id = await Attesting.CreateAsync(server);
        var form = await Form.OpenAsync(http, Attesting.PathOf(id));

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using var answer = await form.SendAsync("accept", ("agree", "yes"));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }));

        Assert.Single(answers.Distinct());
        Assert.Equal(HttpStatusCode.OK, answers[0].StatusCode);
        var row = (await Attesting.FindAsync(server, id)).Row;
        Assert.Equal((AttestationState.Accepted, 2L), (row.Attestation.State, row.Version));
    }

    [Fact]
    public async Task Post_TextSwappedAfterItWasShown_Is409AndShowsTheNewOne()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        using var http = AcceptPageTests.Browserless(server);
        var id = await Attesting.CreateAsync(server);
        // The version before the one in force.
        await server.Clock.SetAsync(PartnerEnvironment.Production, new DateTimeOffset(2023, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var form = await Form.OpenAsync(http, Attesting.PathOf(id));
        await server.Clock.SetAsync(PartnerEnvironment.Production, server.Parts.Context.Clocks.Wall.GetUtcNow());

        using var answer = await form.SendAsync("accept", ("agree", "yes"));
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Conflict, AttestationState.Pending), (answer.StatusCode, await Attesting.StateAsync(server, id)));
        Assert.Contains("Version 2", html, StringComparison.Ordinal);
        using var again = await new Form(http, Attesting.PathOf(id), html).SendAsync("accept", ("agree", "yes"));
        Assert.Equal((HttpStatusCode.OK, AttestationState.Accepted), (again.StatusCode, await Attesting.StateAsync(server, id)));
    }

    [Fact]
    public async Task Post_AnyBitOfTheTokenChanged_Is409()
    {
        var server = await servers.GetAsync("sqlite");
        using var http = AcceptPageTests.Browserless(server);
        var id = await Attesting.CreateAsync(server);
        var form = await Form.OpenAsync(http, Attesting.PathOf(id));
        var token = form.Hidden("accept")["token"];

        var parts = token.Split('.');
        for (var i = 0; i <= parts.Length; i++)
        {
            var changed = i == parts.Length ? "" : string.Join('.', parts.Select((part, at) => at == i ? (part[0] == '0' ? '1' : '0') + part[1..] : part));
            using var answer = await form.SendAsync("accept", ("agree", "yes"), ("token", changed));
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        }

        using var declines = await form.SendAsync("accept", ("agree", "yes"), ("token", form.Hidden("decline")["token"]));
        Assert.Equal((HttpStatusCode.Conflict, AttestationState.Pending), (declines.StatusCode, await Attesting.StateAsync(server, id)));
    }

    [Fact]
    public async Task Post_FormOfAnother_Is409AndOnTheAudit()
    {
        var server = await servers.GetAsync("sqlite");
        using var http = AcceptPageTests.Browserless(server);
        var mine = await Attesting.CreateAsync(server);
        var other = await Attesting.CreateAsync(server);
        var form = await Form.OpenAsync(http, Attesting.PathOf(mine));

        using var answer = await form.SendToAsync(Attesting.PathOf(other), "accept", ("agree", "yes"));

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal([AttestationState.Pending, AttestationState.Pending], [await Attesting.StateAsync(server, mine), await Attesting.StateAsync(server, other)]);
        Assert.True(await server.Parts.Audits.FlushAsync());
        var partner = TestServer.Partner("aozora").Id;
        var found = await server.Parts.Database.ReadAsync(partner, tx => tx.ManyAsync(
            "SELECT status FROM audit WHERE partner_id = $1 AND resource = $2", row => row.Text(0), partner.Value, other.ToString()));
        Assert.Contains("form-of-another", found);
    }

    [Theory]
    [InlineData("https://evil.example", null, 403)]
    [InlineData("null", null, 403)]
    [InlineData(null, "cross-site", 403)]
    [InlineData(null, "same-site", 403)]
    [InlineData(null, "none", 403)]
    [InlineData("https://evil.example", "same-origin", 403)]
    [InlineData(null, null, 200)]
    [InlineData("own", "same-origin", 200)]
    public async Task Post_FromElsewhere_IsRefused(string? origin, string? site, int status)
    {
        var server = await servers.GetAsync("sqlite");
        using var http = AcceptPageTests.Browserless(server);
        var id = await Attesting.CreateAsync(server);
        var form = await Form.OpenAsync(http, Attesting.PathOf(id));
        if (origin is not null)
        {
            http.DefaultRequestHeaders.Add("Origin", origin == "own" ? server.BaseUrl : origin);
        }

        if (site is not null)
        {
            http.DefaultRequestHeaders.Add("Sec-Fetch-Site", site);
        }

        using var answer = await form.SendAsync("accept", ("agree", "yes"));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? AttestationState.Accepted : AttestationState.Pending, await Attesting.StateAsync(server, id));
    }

    [Theory]
    [InlineData("application/json", 100, 415)]
    [InlineData("multipart/form-data; boundary=x", 100, 415)]
    [InlineData("text/plain", 100, 415)]
    [InlineData("application/x-www-form-urlencoded", 17 * 1024, 413)]
    public async Task Post_OtherBody_IsRefusedUnread(string type, int length, int status)
    {
        var server = await servers.GetAsync("sqlite");
        using var http = AcceptPageTests.Browserless(server);
        var id = await Attesting.CreateAsync(server);
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes("a=" + new string('b', length)));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var answer = await http.PostAsync(Attesting.PathOf(id), content, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Get_UnknownIdsFromOneNetwork_AreLimitedToThirtyAMinute()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        using var http = AcceptPageTests.Browserless(server);
        var known = await Attesting.CreateAsync(server);

        var statuses = new List<int>();
        for (var i = 0; i < 70; i++)
        {
            using var answer = await http.GetAsync($"/mca/?attestationid={Guid.NewGuid()}", TestContext.Current.CancellationToken);
            statuses.Add((int)answer.StatusCode);
            Assert.Equal(answer.StatusCode == HttpStatusCode.TooManyRequests, answer.Headers.Contains("Retry-After"));
        }

        // The minute may turn once in between.
        Assert.InRange(statuses.Count(status => status == 404), 30, 60);
        Assert.Contains(429, statuses);
        // A partner whose throttling is off, as in the sandbox, goes on.
        Assert.Contains("Microsoft", await http.GetStringAsync(Attesting.PathOf(known), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_HostileNames_NeverBecomeMarkup()
    {
        var server = await servers.GetAsync("sqlite");
        using var http = AcceptPageTests.Browserless(server);
        var random = new Random(20260105);
        for (var i = 0; i < (Campaign.Full ? 10_000 : 150); i++)
        {
            var name = HostileNames.Next(random);
            var id = await Attesting.CreateAsync(server, new Asked(Company: name) { Contact = new(name, name, "robin@larkspur.example", null) });

            var html = await http.GetStringAsync(Attesting.PathOf(id), TestContext.Current.CancellationToken);

            var tags = Tags().Matches(html).Select(match => match.Groups[1].Value.ToLowerInvariant()).Distinct().ToList();
            Assert.Empty(tags.Except(Known));
            Assert.Single(Scripts().Matches(html));
            Assert.DoesNotMatch(Handlers(), html);
            var form = new Form(http, Attesting.PathOf(id), html);
            Assert.Equal(["hints", "lang", "token"], form.Hidden("accept").Keys.Append("hints").Distinct().Order());
        }
    }

    private static readonly string[] Known =
    [
        "html", "head", "meta", "title", "link", "body", "a", "header", "span", "nav", "main", "div", "h1", "h2", "h3", "p", "dl", "dt", "dd", "bdi",
        "section", "form", "input", "label", "button", "details", "summary", "textarea", "footer", "script", "small", "strong",
    ];

    [GeneratedRegex("<([a-zA-Z][a-zA-Z0-9]*)")]
    private static partial Regex Tags();

    [GeneratedRegex("<script")]
    private static partial Regex Scripts();

    // An attribute that runs something, inside a tag.
    [GeneratedRegex("<[a-z][^>\"]*(\"[^\"]*\"[^>\"]*)*\\son[a-z]+\\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex Handlers();
}
