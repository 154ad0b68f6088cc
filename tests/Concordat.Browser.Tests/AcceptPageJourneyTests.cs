using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Sandbox;
using Concordat.Server.Tests;
using Microsoft.Playwright;

namespace Concordat.Browser.Tests;

/// <summary>The acceptance page as signatories use it, in both languages; every state is verified and pictured.</summary>
public sealed class AcceptPageJourneyTests(Chromium chromium) : IAsyncLifetime
{
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync("sqlite");

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("en", true)]
    [InlineData("ja", true)]
    [InlineData("en", false)]
    [InlineData("ja", false)]
    public async Task Link_ReadTickAccept_EndsAccepted(string language, bool script)
    {
        var id = await Attesting.CreateAsync(server, AskedIn(language));
        var page = await chromium.OpenAsync(new Look(language) { JavaScript = script });
        var kind = script ? language : language + "-no-script";

        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(id));
        Assert.False(await page.Locator("#agree").IsCheckedAsync());
        await VerifyAsync(page, $"accept-pending-{kind}", script);
        await page.Locator("#accept").ClickAsync();
        Assert.Contains(language == "ja" ? "エラー" : "Error", await page.TitleAsync(), StringComparison.Ordinal);
        await VerifyAsync(page, $"accept-box-not-ticked-{kind}", script);
        await page.Locator("#agree").CheckAsync();
        await page.Locator("#accept").ClickAsync();

        await page.GetByText(language == "ja" ? "同意を受け付けました" : "Agreement accepted").First.WaitForAsync();
        await VerifyAsync(page, $"accept-accepted-{kind}", script);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.PictureAsync($"accept-accepted-print-{kind}");
        await page.EmulateMediaAsync(new() { Media = Media.Screen });
        Assert.Equal(AttestationState.Accepted, await Attesting.StateAsync(server, id));
        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(id));
        await VerifyAsync(page, $"accept-already-accepted-{kind}", script);
        Assert.Empty(await page.Context.CookiesAsync());
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Decline_WithAReason_EndsDeclined(string language)
    {
        var id = await Attesting.CreateAsync(server, AskedIn(language));
        var page = await chromium.OpenAsync(new Look(language));
        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(id));

        await page.Locator("summary").ClickAsync();
        await page.Locator("#reason").FillAsync(new string('x', 501));
        await page.Locator("button[value=decline]").ClickAsync();
        await page.VerifyAsync($"accept-reason-too-long-{language}");
        await page.Locator("#reason").FillAsync(language == "ja" ? "社内の承認が得られませんでした。" : "Our board did not agree.");
        await page.Locator("button[value=decline]").ClickAsync();
        await page.GetByText(language == "ja" ? "辞退を受け付けました" : "Agreement declined").First.WaitForAsync();

        await page.VerifyAsync($"accept-declined-{language}");
        Assert.Equal(AttestationState.Declined, await Attesting.StateAsync(server, id));
        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(id));
        await page.VerifyAsync($"accept-already-declined-{language}");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Code_WrongThenRight_EndsAcceptedByMailbox(string language)
    {
        var id = await Attesting.CreateAsync(server, AskedIn(language) with { Assurance = Assurance.Mailbox });
        var page = await chromium.OpenAsync(new Look(language));
        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(id));
        await page.VerifyAsync($"accept-code-ask-{language}");

        await page.Locator("#send").ClickAsync();
        await page.VerifyAsync($"accept-code-sent-{language}");
        Assert.Equal("code", await FocusedAsync(page));
        var code = await Attesting.CodeAsync(server, id);
        await page.Locator("#code").FillAsync(code == "000000" ? "000001" : "000000");
        await page.Locator("button[value=check]").ClickAsync();
        await page.VerifyAsync($"accept-code-wrong-{language}");
        await page.Locator("#send").ClickAsync();
        await page.VerifyAsync($"accept-code-soon-{language}");
        // As people copy it.
        await page.Locator("#code").FillAsync($" {code[..3]} {code[3..]}");
        await page.Locator("button[value=check]").ClickAsync();
        await page.VerifyAsync($"accept-code-proven-{language}");
        Assert.Equal("agree", await FocusedAsync(page));
        await page.Locator("#agree").CheckAsync();
        await page.Locator("#accept").ClickAsync();
        await page.GetByText(language == "ja" ? "同意を受け付けました" : "Agreement accepted").First.WaitForAsync();

        Assert.Equal(Assurance.Mailbox, (await Attesting.FindAsync(server, id)).Row.Answer!.Assurance);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task SignIn_OfTheNamedCustomerOnly_EndsAcceptedSignedIn(string language)
    {
        var named = TestServer.Customer("never");
        var id = await Attesting.CreateAsync(server, AskedIn(language) with { Assurance = Assurance.SignedIn, Customer = named });
        var people = SeedPlan.CustomerTenants.Where(tenant => tenant.People.Count > 0).ToList();
        var page = await chromium.OpenAsync(new Look(language));
        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(id));

        await SignInAsync(page, people.First(tenant => tenant.Id != named.Value).People[0].UserName);
        Assert.Equal(0, await page.Locator("#accept").CountAsync());
        await page.VerifyAsync($"accept-signed-in-of-another-{language}");
        await SignInAsync(page, people.Single(tenant => tenant.Id == named.Value).People[0].UserName);
        await page.VerifyAsync($"accept-signed-in-{language}");
        await page.Locator("#agree").CheckAsync();
        await page.Locator("#accept").ClickAsync();
        await page.GetByText(language == "ja" ? "同意を受け付けました" : "Agreement accepted").First.WaitForAsync();

        Assert.Equal(Assurance.SignedIn, (await Attesting.FindAsync(server, id)).Row.Answer!.Assurance);
        Assert.Equal(named.ToString(), (await Attesting.DisclosedAsync(server, id))["signedInTenant"]);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task States_ThatCannotBeAnswered_SayWhy(string language)
    {
        var page = await chromium.OpenAsync(new Look(language));
        var cancelled = await Attesting.CreateAsync(server, AskedIn(language));
        await Attesting.CancelAsync(server, cancelled);
        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(cancelled));
        await page.VerifyAsync($"accept-cancelled-{language}");

        var signIn = await Attesting.CreateAsync(server, AskedIn(language) with { Assurance = Assurance.SignedIn });
        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(signIn));
        await page.VerifyAsync($"accept-sign-in-{language}");

        var changed = await Attesting.CreateAsync(server, AskedIn(language));
        await server.Clock.SetAsync(PartnerEnvironment.Production, new DateTimeOffset(2023, 2, 1, 0, 0, 0, TimeSpan.Zero));
        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(changed));
        await server.Clock.SetAsync(PartnerEnvironment.Production, server.Parts.Context.Clocks.Wall.GetUtcNow());
        await page.Locator("#agree").CheckAsync();
        await page.Locator("#accept").ClickAsync();
        await page.VerifyAsync($"accept-changed-{language}");

        var expired = await Attesting.CreateAsync(server, AskedIn(language));
        await server.Clock.AdvanceAsync(PartnerEnvironment.Production, TimeSpan.FromDays(8));
        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(expired));
        await page.VerifyAsync($"accept-expired-{language}");

        for (var i = 0; i < 35; i++)
        {
            await page.GotoAsync($"{server.BaseUrl}/mca/?attestationid={Guid.NewGuid()}");
            if (i == 0)
            {
                await page.VerifyAsync($"accept-unknown-{language}");
            }
        }

        await page.VerifyAsync($"accept-too-many-{language}");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Keyboard_Alone_Accepts(string language)
    {
        var id = await Attesting.CreateAsync(server, AskedIn(language));
        var page = await chromium.OpenAsync(new Look(language));
        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(id));

        await TabToAsync(page, "accept");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#faults").WaitForAsync();
        // The summary has the focus, and its link leads to the box.
        Assert.Equal("faults", await FocusedAsync(page));
        await TabToAsync(page, "agree");
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, "accept");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText(language == "ja" ? "同意を受け付けました" : "Agreement accepted").First.WaitForAsync();

        Assert.Equal(AttestationState.Accepted, await Attesting.StateAsync(server, id));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Phone_InTheDark_StaysReadable(string language)
    {
        var id = await Attesting.CreateAsync(server, AskedIn(language) with { Assurance = Assurance.Mailbox });
        var page = await chromium.OpenAsync(Look.Phone(language) with { Dark = true });
        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(id));
        await page.VerifyAsync($"accept-phone-dark-code-{language}");
        var open = await Attesting.CreateAsync(server, AskedIn(language));
        await page.GotoAsync(server.BaseUrl + Attesting.PathOf(open));
        await page.VerifyAsync($"accept-phone-dark-{language}");
        await page.Locator("#agree").CheckAsync();
        await page.Locator("#accept").ClickAsync();
        await page.VerifyAsync($"accept-phone-dark-accepted-{language}");
    }

    [Theory]
    [InlineData("ar-SA", "AE", "شركة النور", "سارة")]
    [InlineData("he-IL", "IL", "חברת האור", "דנה")]
    public async Task Text_FromRightToLeft_StandsInItsDirection(string language, string country, string company, string name)
    {
        var id = await Attesting.CreateAsync(server, new Asked(language, country, company) { Contact = new(name, name, "sara@noor.example", null) });
        foreach (var reader in (string[])["en", "ja"])
        {
            var page = await chromium.OpenAsync(new Look(reader));
            await page.GotoAsync($"{server.BaseUrl}{Attesting.PathOf(id)}&lang={reader}");
            Assert.Equal("rtl", await page.Locator("#agreement").GetAttributeAsync("dir"));
            Assert.Equal(language, await page.Locator("#agreement").GetAttributeAsync("lang"));
            await page.VerifyAsync($"accept-{language}-for-{reader}");
        }
    }

    [Fact]
    public async Task Fetch_ByAScriptedBrowser_AcceptsNothing()
    {
        var id = await Attesting.CreateAsync(server);
        var page = await chromium.OpenAsync();

        for (var i = 0; i < 20; i++)
        {
            await page.GotoAsync(server.BaseUrl + Attesting.PathOf(id));
            // Scanners follow what they find.
            foreach (var address in await page.EvaluateAsync<string[]>("() => [...document.links].map((link) => link.href)"))
            {
                await page.EvaluateAsync("(address) => fetch(address).then((answer) => answer.text())", address);
            }
        }

        Assert.Equal(AttestationState.Pending, await Attesting.StateAsync(server, id));
        await page.Locator("#agree").CheckAsync();
        await page.Locator("#accept").ClickAsync();
        await page.GetByText("Agreement accepted").First.WaitForAsync();
    }

    [Fact]
    public async Task HostileNames_InARealBrowser_RunNothing()
    {
        var page = await chromium.OpenAsync();
        var dialogs = 0;
        page.Dialog += async (_, dialog) =>
        {
            dialogs++;
            await dialog.DismissAsync();
        };
        var random = new Random(1);
        for (var i = 0; i < 25; i++)
        {
            var name = HostileNames.Next(random);
            var id = await Attesting.CreateAsync(server, new Asked(Company: name) { Contact = new(name, name, "robin@larkspur.example", null) });
            await page.GotoAsync(server.BaseUrl + Attesting.PathOf(id));
            Assert.Equal(1, await page.Locator("script").CountAsync());
        }

        Assert.Equal(0, dialogs);
    }

    private static Asked AskedIn(string language) => language == "ja" ? Asked.Japanese : new Asked();

    private static async Task SignInAsync(IPage page, string userName)
    {
        await page.Locator("main a.button").ClickAsync();
        await page.Locator("#username").FillAsync(userName);
        await page.Locator("#password").FillAsync("sandbox");
        await page.Locator("button[name=withPassword]").ClickAsync();
    }

    // axe-core is a script; without scripts there is a picture only.
    private static Task VerifyAsync(IPage page, string name, bool script) => script ? page.VerifyAsync(name) : page.PictureAsync(name);

    private static async Task TabToAsync(IPage page, string id)
    {
        for (var i = 0; i < 30 && await FocusedAsync(page) != id; i++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Equal(id, await FocusedAsync(page));
    }

    private static Task<string> FocusedAsync(IPage page) => page.EvaluateAsync<string>("() => document.activeElement.id");
}
