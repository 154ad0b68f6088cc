using System.Net;
using Concordat.Core.Agreements;
using Concordat.Server.Operations;

namespace Concordat.Server.Tests.Acceptance;

public sealed class AcceptPageCodeTests(Servers servers)
{
    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Post_RightCode_OpensTheAnswerAtTheAssuranceMailbox(string engine)
    {
        var server = await servers.GetAsync(engine);
        using var http = AcceptPageTests.Browserless(server);
        var id = await Attesting.CreateAsync(server, new Asked { Assurance = Assurance.Mailbox });
        var form = await Form.OpenAsync(http, Attesting.PathOf(id));
        Assert.DoesNotContain("value=\"accept\"", form.Html, StringComparison.Ordinal);

        var sent = await NextAsync(http, id, form, "send");
        var proven = await NextAsync(http, id, sent, "check", ("code", await Attesting.CodeAsync(server, id)));
        using var answer = await proven.SendAsync("accept", ("agree", "yes"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Assurance.Mailbox, (await Attesting.FindAsync(server, id)).Row.Answer!.Assurance);
    }

    [Fact]
    public async Task Post_FiveWrongCodes_NeedANewOne()
    {
        var server = await servers.GetAsync("sqlite");
        using var http = AcceptPageTests.Browserless(server);
        var id = await Attesting.CreateAsync(server, new Asked { Assurance = Assurance.Mailbox });
        var form = await NextAsync(http, id, await Form.OpenAsync(http, Attesting.PathOf(id)), "send");
        var code = await Attesting.CodeAsync(server, id);
        var wrong = code == "000000" ? "000001" : "000000";

        for (var left = SendAttestationCode.Tries - 1; left > 0; left--)
        {
            using var answer = await form.SendAsync("check", ("code", wrong));
            Assert.Equal(HttpStatusCode.UnprocessableContent, answer.StatusCode);
            Assert.Contains($"Tries left: {left}.", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        using var last = await form.SendAsync("check", ("code", wrong));
        Assert.Contains("too many wrong ones", await last.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var late = await form.SendAsync("check", ("code", code));
        Assert.Equal(HttpStatusCode.UnprocessableContent, late.StatusCode);
        using var soon = await form.SendAsync("send");
        Assert.Equal(HttpStatusCode.TooManyRequests, soon.StatusCode);
        Assert.Equal(AttestationState.Pending, await Attesting.StateAsync(server, id));
    }

    [Fact]
    public async Task Post_AcceptWithoutTheProof_IsRefused()
    {
        var server = await servers.GetAsync("sqlite");
        using var http = AcceptPageTests.Browserless(server);
        var id = await Attesting.CreateAsync(server, new Asked { Assurance = Assurance.Mailbox });
        var form = await Form.OpenAsync(http, Attesting.PathOf(id));
        var values = form.Hidden("send");
        (values["do"], values["agree"], values["proof"]) = ("accept", "yes", "guess");
        using var content = new FormUrlEncodedContent(values);

        using var answer = await http.PostAsync(Attesting.PathOf(id), content, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Forbidden, AttestationState.Pending), (answer.StatusCode, await Attesting.StateAsync(server, id)));
    }

    [Fact]
    public async Task Post_SignInAskedFor_IsRefusedWithoutOne()
    {
        var server = await servers.GetAsync("sqlite");
        using var http = AcceptPageTests.Browserless(server);
        var mailbox = await Attesting.CreateAsync(server, new Asked { Assurance = Assurance.Mailbox });
        var signedIn = await Attesting.CreateAsync(server, new Asked { Assurance = Assurance.SignedIn });

        var html = await http.GetStringAsync(Attesting.PathOf(signedIn), TestContext.Current.CancellationToken);

        Assert.Contains("/signin?return=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", html, StringComparison.Ordinal);
        Assert.Contains("Send a code to r", await http.GetStringAsync(Attesting.PathOf(mailbox), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<Form> NextAsync(HttpClient http, Core.AttestationId id, Form form, string button, params (string, string)[] fields)
    {
        using var answer = await form.SendAsync(button, fields);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new Form(http, Attesting.PathOf(id), await answer.Content.ReadAsStringAsync());
    }
}
