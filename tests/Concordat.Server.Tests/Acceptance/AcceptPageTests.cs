using System.Net;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Acceptance;

namespace Concordat.Server.Tests.Acceptance;

public sealed class AcceptPageTests(Servers servers)
{
    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Get_Pending_ShowsTheTextAndMayBeFramedByNobody(string engine)
    {
        var (server, http) = await OpenAsync(engine);
        var id = await Attesting.CreateAsync(server);

        using var answer = await http.GetAsync(Attesting.PathOf(id), TestContext.Current.CancellationToken);
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = (await Attesting.FindAsync(server, id)).Attestation.TextAt(server.Parts.Context.PolicyNow(PartnerEnvironment.Production));
        Assert.All(text.Sections, section => Assert.Contains(WebUtility.HtmlEncode(section.Body).Replace("&#39;", "&#x27;", StringComparison.Ordinal), html, StringComparison.Ordinal));
        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal(AttestationState.Pending, await Attesting.StateAsync(server, id));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Post_Accept_IsOnRecordWithWhatWasShown(string engine)
    {
        var (server, http) = await OpenAsync(engine);
        var id = await Attesting.CreateAsync(server, Asked.Japanese);
        var form = await Form.OpenAsync(http, Attesting.PathOf(id));

        using var answer = await form.SendAsync("accept", ("agree", "yes"), ("hints", "1280x900 1 80 visible"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Contains("同意を受け付けました", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var row = (await Attesting.FindAsync(server, id)).Row;
        Assert.Equal((AttestationState.Accepted, Assurance.Link, "ja-JP"), (row.Attestation.State, row.Answer!.Assurance, row.Answer.TextLanguage));
        Assert.Equal(PageBuild.Id, row.Answer.Shown.Build);
        var disclosed = await Attesting.DisclosedAsync(server, id);
        Assert.Equal(("1280x900", "yes", "80 %", "visible"),
            (disclosed["viewport"], disclosed["userActivation"], disclosed["textSeen"], disclosed["buttonVisibility"]));
        Assert.Contains("ひので商店 を代表して Microsoft 顧客契約に同意します", disclosed["screen"], StringComparison.Ordinal);
        var salted = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{disclosed["screenSalt"]}\n{disclosed["screen"]}"));
        Assert.Equal(Convert.ToHexStringLower(salted), row.Answer.Shown.ScreenSha256);
    }

    [Fact]
    public async Task Post_BoxNotTicked_SaysSoAndChangesNothing()
    {
        var (server, http) = await OpenAsync("sqlite");
        var id = await Attesting.CreateAsync(server);
        var form = await Form.OpenAsync(http, Attesting.PathOf(id));

        using var answer = await form.SendAsync("accept");

        Assert.Equal(HttpStatusCode.UnprocessableContent, answer.StatusCode);
        Assert.Equal(AttestationState.Pending, await Attesting.StateAsync(server, id));
        using var second = await form.SendAsync("accept", ("agree", "yes"));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task Post_Decline_KeepsTheReason()
    {
        var (server, http) = await OpenAsync("sqlite");
        var id = await Attesting.CreateAsync(server);
        var form = await Form.OpenAsync(http, Attesting.PathOf(id));

        using var tooLong = await form.SendAsync("decline", ("reason", new string('x', 501)));
        using var answer = await form.SendAsync("decline", ("reason", "We buy\r\nelsewhere."));

        Assert.Equal(HttpStatusCode.UnprocessableContent, tooLong.StatusCode);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var opened = await Attesting.FindAsync(server, id);
        Assert.Equal((AttestationState.Declined, "We buy elsewhere."), (opened.Attestation.State, opened.Reason));
        using var late = await form.SendAsync("accept", ("agree", "yes"));
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Contains("This agreement was declined", await late.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?attestationid=")]
    [InlineData("?attestationid=nothing")]
    [InlineData("?attestationid=5b0f8f0e-3a2c-4a53-8a51-0d5d6d1f2b11")]
    [InlineData("?attestationid=5b0f8f0e-3a2c-4a53-8a51-0d5d6d1f2b11&attestationid=x")]
    public async Task Get_NoSuchAttestation_IsAPageThatSaysSo(string query)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        using var http = Browserless(server);

        using var answer = await http.GetAsync("/mca/" + query, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no request under this link", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
    }

    [Fact]
    public async Task Get_States_EachHasItsPage()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        using var http = Browserless(server);
        var expired = await Attesting.CreateAsync(server);
        var cancelled = await Attesting.CreateAsync(server, new Asked { Contact = new("Kim", "Lee", "kim@larkspur.example", null) });
        await Attesting.CancelAsync(server, cancelled);
        await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromDays(7));

        Assert.Contains("This link has expired", await http.GetStringAsync(Attesting.PathOf(expired), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("This request was withdrawn", await http.GetStringAsync(Attesting.PathOf(cancelled), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    internal static HttpClient Browserless(TestServer server)
    {
        var http = new HttpClient { BaseAddress = new Uri(server.BaseUrl) };
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        return http;
    }

    private async Task<(TestServer Server, HttpClient Http)> OpenAsync(string engine)
    {
        var server = await servers.GetAsync(engine);
        return (server, Browserless(server));
    }
}
