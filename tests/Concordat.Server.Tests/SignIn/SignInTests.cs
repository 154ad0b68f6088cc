using System.Net;
using System.Security.Cryptography;
using System.Text;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.Operations;
using Concordat.Server.Sandbox;
using Concordat.Server.Storage;
using Concordat.Server.Tests.Hosting.Identity;

namespace Concordat.Server.Tests.SignIn;

/// <summary>People sign in with a browser at the real sandbox: page, issuer, code, token endpoint, session.</summary>
public sealed class SignInTests(Servers servers)
{
    private const string Admin = "admin@aozora-cloud.example";

    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task SignIn_EverybodyOffered_IsSignedInAsWhatTheyAre(string engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var one in SandboxSignIn.Offered)
        {
            using var browser = new Browser(server);

            var shown = await browser.SignInAsync(one.Person.UserName);

            Assert.Equal((200, "/account"), (shown.Status, shown.Address.PathAndQuery));
            var text = WebUtility.HtmlDecode(shown.Body);
            Assert.Contains(one.Company, text, StringComparison.Ordinal);
            Assert.Contains(Server.Hosting.Pages.Texts.English[AuthorizeModel.RoleKey(one)], text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task SignIn_FirstPasswordOfANewCustomer_IsItsGlobalAdministrator(string engine)
    {
        var server = await servers.GetAsync(engine);
        var domain = PartnerCenter.CustomerBodies.NewDomain();
        var made = await server.SendAsync("POST", "/v1/customers", PartnerCenter.CustomerBodies.Customer(domain));
        var (user, password) = (made.Json["userCredentials"]!["userName"]!.GetValue<string>(), made.Json["userCredentials"]!["password"]!.GetValue<string>());
        using var browser = new Browser(server);

        var shown = await browser.FollowAsync(await browser.TypeAsync(
            await browser.FollowAsync(await browser.GetAsync("/account")), $"{user}@{domain}", password));

        Assert.Equal(200, shown.Status);
        Assert.Contains("Global administrator", shown.Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task SignIn_Cookies_AreLockedToThisHostAndStoredAsHashOnly(string engine)
    {
        var server = await servers.GetAsync(engine);
        using var browser = new Browser(server);
        var begun = await browser.GetAsync("/account");
        var returned = await browser.GetAsync((await browser.ChooseAsync(await browser.FollowAsync(begun), Admin)).Next!);

        Assert.All(begun.SetCookies.Concat(returned.SetCookies), cookie =>
        {
            Assert.StartsWith("__Host-concordat", cookie, StringComparison.Ordinal);
            Assert.Contains("; path=/", cookie, StringComparison.Ordinal);
            Assert.Contains("; secure", cookie, StringComparison.Ordinal);
            Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
            Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
            Assert.DoesNotContain("domain", cookie, StringComparison.Ordinal);
        });
        var secret = browser.Cookies[Sessions.Cookie];
        var row = await server.Parts.Database.ReadSharedAsync(tx => SessionRows.FindAsync(tx, SHA256.HashData(Encoding.ASCII.GetBytes(secret))));
        Assert.Equal(TestServer.Partner("aozora").Id.Value, row!.Tenant);
        Assert.True(row.Mfa);
        Assert.False(browser.Cookies.ContainsKey(SignInFlow.Cookie));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task SignIn_WithAnIdKnownBefore_GetsANewOneAndEndsTheOld(string engine)
    {
        var server = await servers.GetAsync(engine);
        using var browser = new Browser(server);
        using var thief = new Browser(server);
        await browser.SignInAsync(Admin);
        var known = browser.Cookies[Sessions.Cookie];
        thief.Cookies[Sessions.Cookie] = known;
        Assert.True(await thief.IsSignedInAsync());

        await browser.SignInAsync(Admin, "/signin");

        Assert.NotEqual(known, browser.Cookies[Sessions.Cookie]);
        Assert.True(await browser.IsSignedInAsync());
        Assert.False(await thief.IsSignedInAsync());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task SignOut_HereOrEverywhere_EndsTheSessionsAtOnce(string engine)
    {
        var server = await servers.GetAsync(engine);
        using var first = new Browser(server);
        using var second = new Browser(server);
        using var third = new Browser(server);
        using var copy = new Browser(server);
        var page = await first.SignInAsync(Admin);
        await second.SignInAsync(Admin);
        await third.SignInAsync("sales@aozora-cloud.example");
        copy.Cookies[Sessions.Cookie] = first.Cookies[Sessions.Cookie];

        var out1 = await first.FollowAsync(await first.PostAsync("/account", page.Hidden));

        Assert.Equal((200, "/signedout"), (out1.Status, out1.Address.PathAndQuery));
        Assert.False(await copy.IsSignedInAsync());
        Assert.True(await second.IsSignedInAsync());

        var again = await first.SignInAsync(Admin);
        await first.PostAsync("/account", new Dictionary<string, string>(again.Hidden) { ["everywhere"] = "1" });

        Assert.False(await second.IsSignedInAsync());
        Assert.True(await third.IsSignedInAsync());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Session_PersonDisabledOrWithoutRole_EndsWithTheNextRequest(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        using var browser = new Browser(server);
        await browser.SignInAsync(Admin);
        var partner = TestServer.Partner("aozora");
        var person = SeedPlan.PersonOf(partner, "admin", Roles.AdminAgent).Oid;

        foreach (var changed in (PersonRow[])[new(partner.Id, person, (long)Roles.AdminAgent, Active: false), new(partner.Id, person, (long)Roles.None, Active: true)])
        {
            Assert.True((await server.Parts.Context.Loop.RunAsync(new SaveDirectory([], [changed], []))).Value);
            await server.Parts.Directory.RefreshAsync();
            Assert.False(await browser.IsSignedInAsync());
            using var other = new Browser(server);
            Assert.Equal(403, (await other.SignInAsync(Admin)).Status);

            Assert.True((await server.Parts.Context.Loop.RunAsync(new SaveDirectory([], [changed with { Roles = (long)Roles.AdminAgent, Active = true }], []))).Value);
            await server.Parts.Directory.RefreshAsync();
            Assert.True(await browser.IsSignedInAsync());
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Session_InUseForEightHours_HasEndedAndIsForgotten(string engine)
    {
        var clock = new HeldClock(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(engine, clock);
        using var browser = new Browser(server);
        await browser.SignInAsync(Admin);

        for (var minutes = 0; minutes < 480; minutes += 20)
        {
            Assert.True(await browser.IsSignedInAsync());
            clock.Advance(TimeSpan.FromMinutes(20));
        }

        Assert.False(await browser.IsSignedInAsync());
        Assert.Equal(1, await CountAsync(server));
        clock.Advance(TimeSpan.FromSeconds(1));
        _ = (await server.Parts.Context.Loop.RunAsync(new ForgetOldRequests(server.Parts.Context))).Value;
        Assert.Equal(0, await CountAsync(server));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Session_NotUsedForHalfAnHour_HasEnded(string engine)
    {
        var clock = new HeldClock(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(engine, clock);
        using var browser = new Browser(server);
        await browser.SignInAsync(Admin);

        clock.Advance(Sessions.Idle - TimeSpan.FromSeconds(1));
        Assert.True(await browser.IsSignedInAsync());
        clock.Advance(Sessions.Idle - TimeSpan.FromSeconds(1));
        Assert.True(await browser.IsSignedInAsync());
        clock.Advance(Sessions.Idle);
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Session_OfAnotherNode_IsGoodAndEndsThere()
    {
        await using var server = await TestServer.StartAsync("postgres");
        await using var other = await server.JoinAsync();
        using var browser = new Browser(server);
        using var there = new Browser(other);
        await browser.SignInAsync(Admin);
        there.Cookies[Sessions.Cookie] = browser.Cookies[Sessions.Cookie];

        var page = await there.GetAsync("/account");
        Assert.Equal(200, page.Status);
        await there.PostAsync("/account", page.Hidden);

        Assert.False(await browser.IsSignedInAsync());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task SignIn_WithoutSecondFactor_IsRefusedToAPartnersPeople(string engine)
    {
        var server = await servers.GetAsync(engine);
        using var staff = new Browser(server);
        using var customer = new Browser(server);

        Assert.Equal((403, "/signin/failed?why=SecondFactor"), Seen(await staff.SignInAsync(Admin, secondFactor: false)));
        Assert.Equal((200, "/account"), Seen(await customer.SignInAsync("owner@hinode.onmicrosoft.example", secondFactor: false)));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Password_WrongTenTimes_IsNotTriedAgainFor15Minutes(string engine)
    {
        var clock = new HeldClock(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(engine, clock);
        using var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync("/account"));
        for (var i = 0; i < SignInAttempts.Most; i++)
        {
            Assert.Equal(400, (await browser.TypeAsync(page, Admin, $"guess {i}")).Status);
        }

        Assert.Equal(429, (await browser.TypeAsync(page, Admin, "sandbox")).Status);
        Assert.Equal(429, (await browser.TypeAsync(page, "sales@aozora-cloud.example", "sandbox")).Status);
        clock.Advance(SignInAttempts.Window);
        page = await browser.FollowAsync(await browser.GetAsync("/account"));
        Assert.Equal((200, "/account"), Seen(await browser.FollowAsync(await browser.TypeAsync(page, Admin, "sandbox"))));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task SignIn_AddressesAndLog_NameNobodyAndHoldNoSecret(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        using var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync("/account"));
        await browser.TypeAsync(page, "somebody@nowhere.example", "a wrong password");
        var back = await browser.TypeAsync(page, Admin, "sandbox");
        await browser.FollowAsync(back);

        string[] secrets = ["somebody", "nowhere", "a wrong password", "aozora", browser.Cookies[Sessions.Cookie], SeedPlan.PersonOf(TestServer.Partner("aozora"), "admin", Roles.AdminAgent).Oid.ToString("D")];
        Assert.All(secrets, secret => Assert.DoesNotContain(browser.Visited, address => address.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(browser.Visited, address => address.Contains("login_hint", StringComparison.Ordinal));
        Assert.All([.. secrets, back.Parameter("code"), back.Parameter("state")], secret => Assert.DoesNotContain(secret, string.Join('\n', server.Log.Lines), StringComparison.OrdinalIgnoreCase));
    }

    private static (int Status, string Address) Seen(Shown shown) => (shown.Status, shown.Address.PathAndQuery);

    private static async Task<long> CountAsync(TestServer server) =>
        (await server.Parts.Database.ReadSharedAsync(tx => tx.ManyAsync("SELECT COUNT(*) FROM sessions", row => row.GetInt64(0)))).Single();
}
