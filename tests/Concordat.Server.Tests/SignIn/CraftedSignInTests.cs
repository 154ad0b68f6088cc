using System.Text;
using System.Text.Json.Nodes;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.Sandbox;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Concordat.Server.Tests.SignIn;

/// <summary>Sign-ins that are not what they should be: none signs anybody in, none is a fault of the server.</summary>
public sealed class CraftedSignInTests(Servers servers)
{
    private const string Admin = "admin@aozora-cloud.example";
    private const string Account = SignInFlow.AccountPath;

    private static readonly Guid AdminOid = SeedPlan.PersonOf(TestServer.Partner("aozora"), "admin", Roles.AdminAgent).Oid;
    private static readonly Guid Aozora = TestServer.Partner("aozora").Id.Value;

    /// <summary>What comes back from the issuer, spoilt: the address is that of a good callback, with its code and state.</summary>
    private static readonly Dictionary<string, Func<Browser, Uri, Task<Shown>>> Callbacks = new()
    {
        ["state missing"] = (browser, good) => browser.GetAsync(With(good, "state", null)),
        ["state empty"] = (browser, good) => browser.GetAsync(With(good, "state", "")),
        ["state wrong"] = (browser, good) => browser.GetAsync(With(good, "state", PendingState)),
        ["state in capitals"] = (browser, good) => browser.GetAsync(With(good, "state", Value(good, "state").ToUpperInvariant())),
        ["state twice"] = (browser, good) => browser.GetAsync(new Uri(good.AbsoluteUri + "&state=" + Value(good, "state"))),
        ["state and code in the body"] = (browser, good) => browser.PostAsync(good.AbsolutePath, Form(good)),
        ["posted"] = (browser, good) => browser.PostAsync(good.PathAndQuery, []),
        ["no cookie"] = (browser, good) => Spoil(browser, good, _ => null),
        ["cookie cut"] = (browser, good) => Spoil(browser, good, cookie => cookie[..^1]),
        ["cookie changed at the start"] = (browser, good) => Spoil(browser, good, cookie => (cookie[0] == 'A' ? 'B' : 'A') + cookie[1..]),
        ["cookie changed in the middle"] = (browser, good) => Spoil(browser, good, cookie => cookie[..60] + (cookie[60] == 'A' ? 'B' : 'A') + cookie[61..]),
        ["cookie of rubbish"] = (browser, good) => Spoil(browser, good, _ => "%00%ff\\.."),
        ["cookie short"] = (browser, good) => Spoil(browser, good, _ => "AAAA"),
        ["cookie long"] = (browser, good) => Spoil(browser, good, _ => new string('A', 6000)),
        ["code missing"] = (browser, good) => browser.GetAsync(With(good, "code", null)),
        ["code empty"] = (browser, good) => browser.GetAsync(With(good, "code", "")),
        ["code unknown"] = (browser, good) => browser.GetAsync(With(good, "code", PendingState)),
        ["code changed"] = (browser, good) => browser.GetAsync(With(good, "code", Value(good, "code") + "A")),
        ["code too long"] = (browser, good) => browser.GetAsync(With(good, "code", new string('A', 5000))),
        ["code with line breaks"] = (browser, good) => browser.GetAsync(With(good, "code", "a\r\nb&client_id=c")),
        ["code twice"] = (browser, good) => browser.GetAsync(new Uri(good.AbsoluteUri + "&code=x")),
        ["error beside the code"] = (browser, good) => browser.GetAsync(With(good, "error", "access_denied")),
        ["another browser"] = async (browser, good) =>
        {
            using var other = new Browser(browser.Server);
            var shown = await other.FollowAsync(await other.GetAsync(good));
            Assert.False(await other.IsSignedInAsync());
            browser.Cookies.Clear();
            return shown;
        },
        ["another browser with a sign-in of its own"] = async (browser, good) =>
        {
            browser.Cookies.Clear();
            await browser.GetAsync(Account);
            return await browser.GetAsync(good);
        },
        ["code of one sign-in, state of another"] = async (browser, good) =>
        {
            browser.Cookies.Clear();
            var own = await browser.GetAsync(Account);
            return await browser.GetAsync(With(good, "state", own.Parameter("state")));
        },
        ["code used before"] = async (browser, good) =>
        {
            var cookie = browser.Cookies[SignInFlow.Cookie];
            await browser.GetAsync(good);
            browser.Cookies.Clear();
            browser.Cookies[SignInFlow.Cookie] = cookie;
            return await browser.GetAsync(good);
        },
    };

    /// <summary>Requests to the issuer, spoilt: one parameter of a good one.</summary>
    private static readonly Dictionary<string, (string Name, string? Value)> Requests = new()
    {
        ["no code challenge"] = ("code_challenge", null),
        ["code challenge too short"] = ("code_challenge", "abc"),
        ["plain challenge"] = ("code_challenge_method", "plain"),
        ["no challenge method"] = ("code_challenge_method", null),
        ["no nonce"] = ("nonce", null),
        ["no redirect URI"] = ("redirect_uri", null),
        ["redirect URI elsewhere"] = ("redirect_uri", "https://elsewhere.example/signin/callback"),
        ["redirect URI with more behind it"] = ("redirect_uri", "{good}/more"),
        ["redirect URI with a query"] = ("redirect_uri", "{good}?x=1"),
        ["redirect URI in capitals"] = ("redirect_uri", "{GOOD}"),
        ["redirect URI with a user"] = ("redirect_uri", "http://127.0.0.1@elsewhere.example/signin/callback"),
        ["another client"] = ("client_id", "7b1c6a0e-6c0f-4a6e-9a3e-5a2d1b0c9f11"),
        ["no client"] = ("client_id", null),
        ["implicit token"] = ("response_type", "token"),
        ["implicit id token"] = ("response_type", "id_token"),
        ["form post"] = ("response_mode", "form_post"),
        ["no openid"] = ("scope", "profile"),
        ["no page wanted"] = ("prompt", "none"),
        ["a value of 3000 characters"] = ("state", new string('s', 3000)),
    };

    /// <summary>People whom the issuer vouches for and who have no business here, and codes that belong to nothing we asked for.</summary>
    private static readonly Dictionary<string, Func<IssuedCode, IssuedCode>> Codes = new()
    {
        ["unknown tenant"] = code => code with { Tenant = new("5f0c9b2e-1d53-4c3a-8f38-2b8b9c1f7a10") },
        ["personal account"] = code => code with { Tenant = new("9188040d-6c67-4c5b-b112-36a304b66dad") },
        ["no tenant"] = code => code with { Tenant = Guid.Empty },
        ["nobody"] = code => code with { Person = Guid.Empty },
        ["no role"] = code => code with { Roles = Roles.None },
        ["a customer's role at a partner"] = code => code with { Roles = Roles.GlobalAdministrator | Roles.BillingOwner },
        ["a role that the directory does not give"] = code => code with { Roles = Roles.SalesAgent },
        ["an application's role"] = code => code with { Roles = Roles.Application },
        ["an agent's role at a reseller"] = code => code with { Tenant = TestServer.Partner("sakura").Id.Value, Person = Guid.CreateVersion7(), Roles = Roles.AdminAgent },
        ["no second factor"] = code => code with { Mfa = false },
        ["another nonce"] = code => code with { Nonce = PendingState },
        ["another challenge"] = code => code with { Challenge = PendingState },
        ["another client"] = code => code with { Client = Guid.CreateVersion7() },
        ["another redirect URI"] = code => code with { RedirectUri = "https://elsewhere.example/" },
        ["issued long ago"] = code => code with { AuthenticatedAt = code.AuthenticatedAt.AddMinutes(-2) },
        ["authenticated in the future"] = code => code with { AuthenticatedAt = code.AuthenticatedAt.AddMinutes(5) },
    };

    private static string PendingState => new('s', 43);

    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Callback_Crafted_SignsNobodyIn(string engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var (name, spoil) in Callbacks)
        {
            using var browser = new Browser(server);
            var good = (await browser.ChooseAsync(await browser.FollowAsync(await browser.GetAsync(Account)), Admin)).Next!;

            var shown = await browser.FollowAsync(await spoil(browser, good));

            Assert.True(shown.Status is >= 400 and < 500, $"{name}: {shown.Status}");
            Assert.False(await browser.IsSignedInAsync(), name);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Authorize_Crafted_GivesNoCode(string engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var (name, (parameter, value)) in Requests)
        {
            using var browser = new Browser(server);
            var asked = (await browser.GetAsync(Account)).Next!;
            var redirect = server.BaseUrl + SignInOptions.CallbackPath;
            var spoilt = With(asked, parameter, value?
                .Replace("{good}", redirect, StringComparison.Ordinal).Replace("{GOOD}", redirect.ToUpperInvariant(), StringComparison.Ordinal));

            var shown = await browser.GetAsync(spoilt);
            AssertNoCode(name, server, shown);
            var form = Form(spoilt);
            form["person"] = AdminOid.ToString("D");
            AssertNoCode(name, server, await browser.PostAsync(asked.AbsolutePath, form));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Authorize_FormOfAnotherSite_GivesNoCode(string engine)
    {
        var server = await servers.GetAsync(engine);
        using var browser = new Browser(server);
        var asked = (await browser.GetAsync(Account)).Next!;
        var form = Form(asked);
        form["person"] = AdminOid.ToString("D");

        foreach (var headers in ForeignHeaders)
        {
            AssertNoCode("foreign", server, await browser.PostAsync(asked.AbsolutePath, form, headers));
        }

        form["person"] = Guid.CreateVersion7().ToString("D");
        AssertNoCode("unknown person", server, await browser.PostAsync(asked.AbsolutePath, form));
        AssertNoCode("no form", server, await browser.SendAsync(HttpMethod.Post, asked.PathAndQuery, new StringContent("{}", Encoding.UTF8, "application/json"), ("Origin", server.BaseUrl)));
        AssertNoCode("unknown tenant", server, await browser.GetAsync(asked.AbsoluteUri.Replace("/organizations/", "/nowhere.example/", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Code_OfNobodyWhoMayComeIn_SignsNobodyIn(string engine)
    {
        var server = await servers.GetAsync(engine);
        var codes = server.Services.GetRequiredService<SandboxSignIn>().Codes;
        foreach (var (name, spoil) in Codes)
        {
            using var browser = new Browser(server);
            var asked = await browser.GetAsync(Account);
            var good = new IssuedCode(SeedPlan.Directory.Portal.AppId, asked.Parameter("redirect_uri"), asked.Parameter("code_challenge"),
                asked.Parameter("nonce"), Aozora, AdminOid, Roles.AdminAgent, Mfa: true, DateTimeOffset.UtcNow);
            var back = QueryHelpers.AddQueryString(asked.Parameter("redirect_uri"), new Dictionary<string, string?>
            {
                ["code"] = codes.Issue(spoil(good)),
                ["state"] = asked.Parameter("state"),
            });

            var shown = await browser.FollowAsync(await browser.GetAsync(back));

            Assert.True(shown.Status is >= 400 and < 500, $"{name}: {shown.Status}");
            Assert.False(await browser.IsSignedInAsync(), name);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task TokenEndpoint_CodeWithAnythingElseThanItsOwn_GivesNoToken(string engine)
    {
        var server = await servers.GetAsync(engine);
        var codes = server.Services.GetRequiredService<SandboxSignIn>().Codes;
        const string verifier = "0123456789012345678901234567890123456789012";
        var redirect = server.BaseUrl + SignInOptions.CallbackPath;
        var portal = SeedPlan.Directory.Portal;
        var other = SeedPlan.AppOf(TestServer.Partner("aozora"));
        (string Name, string? Value)[][] spoilt =
        [
            [("code_verifier", null)], [("code_verifier", "x" + verifier[1..])], [("code_verifier", verifier[1..])],
            [("redirect_uri", null)], [("redirect_uri", redirect + "/")], [("client_secret", null)], [("client_secret", "wrong")],
            [("client_id", other.AppId.ToString("D"))], [("client_id", other.AppId.ToString("D")), ("client_secret", other.Secret)],
            [("client_id", "x")], [("code", "x")], [("code", null)],
        ];
        foreach (var changes in spoilt)
        {
            var form = GoodForm();
            foreach (var (name, value) in changes)
            {
                form.Remove(name);
                if (value is not null)
                {
                    form[name] = value;
                }
            }

            var answer = await AskAsync(form);
            Assert.True(answer is { Status: 400 or 401 } && !answer.Body.Contains("id_token", StringComparison.Ordinal), changes[0].ToString());
        }

        var twice = GoodForm();
        var first = await AskAsync(twice);
        Assert.Equal(200, first.Status);
        var json = JsonNode.Parse(first.Body)!;
        Assert.Null(json["access_token"]);
        Assert.Equal(401, (await new Browser(server).GetAsync("/v1/profiles/mpn", ("Authorization", $"Bearer {json["id_token"]}"))).Status);
        Assert.Equal(400, (await AskAsync(twice)).Status);

        Dictionary<string, string> GoodForm() => new()
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = portal.AppId.ToString("D"),
            ["client_secret"] = portal.Secret!,
            ["redirect_uri"] = redirect,
            ["code_verifier"] = verifier,
            ["code"] = codes.Issue(new IssuedCode(portal.AppId, redirect, new PendingSignIn("", "", verifier, "", 0).Challenge, "n", Aozora, AdminOid, Roles.AdminAgent, true, DateTimeOffset.UtcNow)),
        };

        async Task<Shown> AskAsync(Dictionary<string, string> form)
        {
            using var client = new Browser(server);
            return await client.PostAsync("/organizations/oauth2/v2.0/token", form, []);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Session_CookieThatIsNone_OpensNothing(string engine)
    {
        var server = await servers.GetAsync(engine);
        using var signedIn = new Browser(server);
        await signedIn.SignInAsync(Admin);
        var good = signedIn.Cookies[Sessions.Cookie];
        var hash = System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(good)));
        foreach (var cookie in (string[])[PendingState, hash, good[..^1], good + "A", "*" + good[1..], server.Token("aozora", "admin"), good.ToLowerInvariant(), $"\"{good} \""])
        {
            using var browser = new Browser(server);
            browser.Cookies[Sessions.Cookie] = cookie;
            Assert.Equal(302, (await browser.GetAsync(Account)).Status);
        }

        using var elsewhere = new Browser(server);
        elsewhere.Cookies["concordat"] = good;
        Assert.Equal(302, (await elsewhere.GetAsync($"{Account}?{Sessions.Cookie}={good}")).Status);
        Assert.Equal(302, (await elsewhere.GetAsync(Account, ("Authorization", $"Bearer {server.Token("aozora", "admin")}"))).Status);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Form_WithoutTokenOrFromElsewhere_ChangesNothing(string engine)
    {
        var server = await servers.GetAsync(engine);
        using var browser = new Browser(server);
        using var other = new Browser(server);
        var form = (await browser.SignInAsync(Admin)).Hidden;
        var foreign = (await other.SignInAsync(Admin)).Hidden;

        Assert.Equal(403, (await browser.PostAsync(Account, [])).Status);
        Assert.Equal(403, (await browser.PostAsync(Account, foreign)).Status);
        Assert.Equal(403, (await browser.PostAsync(Account, new Dictionary<string, string> { [AntiForgery.Field] = "" })).Status);
        Assert.Equal(403, (await browser.PostAsync(Account, [.. form, .. form])).Status);
        Assert.Equal(403, (await browser.SendAsync(HttpMethod.Post, Account, new StringContent("x", Encoding.UTF8, "text/plain"), ("Origin", server.BaseUrl))).Status);
        foreach (var headers in ForeignHeaders)
        {
            Assert.Equal(403, (await browser.PostAsync(Account, form, headers)).Status);
        }

        Assert.True(await browser.IsSignedInAsync());
        Assert.Equal(302, (await browser.PostAsync(Account, form, ("Origin", "null"), ("Sec-Fetch-Site", "same-origin"))).Status);
        Assert.Equal(401, (await browser.PostAsync(Account, form)).Status);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Return_ToElsewhere_EndsAtHome(string engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var target in ReturnPathTests.Elsewhere)
        {
            using var browser = new Browser(server);
            var shown = await browser.SignInAsync(Admin, $"/signin?return={Uri.EscapeDataString(target)}");
            Assert.Equal(server.BaseUrl + "/portal", shown.Address.AbsoluteUri);
        }

        using var back = new Browser(server);
        Assert.EndsWith("/account?lang=ja", (await back.SignInAsync(Admin, "/account?lang=ja")).Address.AbsoluteUri, StringComparison.Ordinal);
    }

    private static (string, string)[][] ForeignHeaders =>
    [
        [], [("Origin", "https://elsewhere.example")], [("Origin", "null")], [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")],
        [("Sec-Fetch-Site", "none")], [("Origin", "https://elsewhere.example"), ("Sec-Fetch-Site", "same-origin")],
    ];

    private static void AssertNoCode(string name, TestServer server, Shown shown)
    {
        Assert.True(shown.Status is 302 or 400, $"{name}: {shown.Status}");
        if (shown.Next is { } next)
        {
            Assert.True(next.AbsoluteUri.StartsWith(server.BaseUrl + SignInOptions.CallbackPath + "?error=", StringComparison.Ordinal)
                && shown.Parameter("code").Length == 0, $"{name}: {next}");
        }
    }

    private static Task<Shown> Spoil(Browser browser, Uri good, Func<string, string?> change)
    {
        var cookie = change(browser.Cookies[SignInFlow.Cookie]);
        browser.Cookies.Remove(SignInFlow.Cookie);
        if (cookie is not null)
        {
            browser.Cookies[SignInFlow.Cookie] = cookie;
        }

        return browser.GetAsync(good);
    }

    private static Dictionary<string, string> Form(Uri address) =>
        QueryHelpers.ParseQuery(address.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());

    private static string Value(Uri address, string name) => QueryHelpers.ParseQuery(address.Query)[name].ToString();

    private static Uri With(Uri address, string name, string? value)
    {
        var query = Form(address);
        query.Remove(name);
        if (value is not null)
        {
            query[name] = value;
        }

        return new Uri(QueryHelpers.AddQueryString(address.GetLeftPart(UriPartial.Path), query!));
    }
}
