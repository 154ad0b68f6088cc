using System.Net;
using System.Text;
using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Ledger;
using Concordat.Server.Acceptance;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Storage;
using Concordat.Server.Tests.SignIn;

namespace Concordat.Server.Tests.Acceptance;

/// <summary>A customer's own people accept for every partner, at the address of the invitations.</summary>
public sealed class DirectAcceptanceTests(Servers servers)
{
    private const string Page = DirectModel.Path + "?ref=" + DirectModel.Reference;

    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Accept_ByAGlobalAdministrator_OpensTheGateAtOnceAndIsOnRecord(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        using var browser = await CustomerPeople.OfCustomerAsync(server, customer);
        Assert.Equal(403, (await OrderAsync(server, customer)).Status);

        var done = await AcceptAsync(browser, language: "ja");

        Assert.Equal(200, done.Status);
        Assert.Contains("契約への同意を受け付けました", Text(done), StringComparison.Ordinal);
        Assert.Equal(201, (await OrderAsync(server, customer)).Status);
        var status = await server.SendAsync("GET", $"/v1/customers/{customer}/directSignedMicrosoftCustomerAgreementStatus");
        Assert.True(status.Json["isSigned"]!.GetValue<bool>());
        var record = (await LatestAsync(server, customer))!;
        Assert.Equal(("globalAdministrator", "JP", "ja-JP", (byte)2), (record.Role, record.Country, record.Language, record.Version));
        Assert.Contains(record.Entry.ToString(), done.Body, StringComparison.Ordinal);
        Assert.Empty(await MailsAsync(server, customer));
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Entry_OfADirectAcceptance_HoldsDigestsOfWhatWasShownAndNoPerson(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var person = Guid.NewGuid();
        using var browser = await CustomerPeople.OfCustomerAsync(server, customer, Roles.BillingOwner, person);
        var page = await browser.GetAsync(Page + "&lang=en");
        var done = await SendAsync(browser, page);

        var record = (await LatestAsync(server, customer))!;
        var entry = await EntryAsync(server, record.Entry);
        using var json = JsonDocument.Parse(entry);
        var (agreement, ui) = (json.RootElement.GetProperty("agr"), json.RootElement.GetProperty("ui"));
        var shown = page.Hidden["shown"].Split('.');
        Assert.Equal("direct.observed", json.RootElement.GetProperty("kind").GetString());
        Assert.Equal("signed-in", json.RootElement.GetProperty("level").GetString());
        Assert.Equal(("en-US", shown[0]), (agreement.GetProperty("locale").GetString(), agreement.GetProperty("sha256").GetString()));
        Assert.True(agreement.GetProperty("len").GetInt64() > 100);
        Assert.Equal(
            (shown[1], shown[2], shown[3]),
            (ui.GetProperty("statement_sha256").GetString(), ui.GetProperty("button_sha256").GetString(), ui.GetProperty("screen_sha256").GetString()));

        var open = Opened(record.Disclosures);
        var sealedText = await server.Parts.Database.ReadSharedAsync(tx => DirectSigners.OpenAsync(tx, server.Parts.Context.Vault, customer, record));
        var personal = Opened(sealedText!);
        Assert.Equal((customer.ToString(), "billingOwner", page.Hidden["salt"]), (open["customer"], open["role"], open["screenSalt"]));
        Assert.Equal((person.ToString("D"), "second-factor"), (personal["signedInPerson"], personal["signedInBy"]));
        var digests = json.RootElement.GetProperty("_sd").EnumerateArray().Select(digest => digest.GetString()).ToHashSet();
        Assert.Equal(open.Count + personal.Count, digests.Count);
        Assert.All(record.Disclosures.Split('\n').Concat(sealedText!.Split('\n')), line => Assert.Contains(Disclosure.DigestOf(line), digests));
        Assert.DoesNotContain(person.ToString("D"), Encoding.UTF8.GetString(entry) + record.Disclosures + done.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Accept_Twice_IsOnRecordOnce(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "attested-stale");
        using var first = await CustomerPeople.OfCustomerAsync(server, customer);
        using var second = await CustomerPeople.OfCustomerAsync(server, customer, Roles.BillingOwner);
        var (one, other) = (await first.GetAsync(Page), await second.GetAsync(Page));

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? SendAsync(first, one) : SendAsync(second, other)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(1, await AcceptancesAsync(server, customer));
        Assert.Equal(1, answers.Count(answer => Text(answer).Contains("Agreement accepted", StringComparison.Ordinal)));
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Accept_ByAnOrdinaryUser_IsRefusedAndNamesRolesThatMay(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        using var signer = await CustomerPeople.OfCustomerAsync(server, customer);
        using var user = await CustomerPeople.OfCustomerAsync(server, customer, Roles.CustomerUser);
        var theirs = await user.GetAsync(Page);
        Assert.Contains("Global administrator", theirs.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"agree\"", theirs.Body, StringComparison.Ordinal);

        // With the fields of somebody who may, under the user's own session.
        var fields = (await signer.GetAsync(Page)).Hidden;
        fields["formToken"] = (await user.GetAsync("/account")).Hidden["formToken"];
        fields["agree"] = "yes";
        var refused = await user.PostAsync(Page, fields);

        Assert.Equal(403, refused.Status);
        Assert.Equal(0, await AcceptancesAsync(server, customer));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Page_ForAPartnersPeople_ShowsNoCustomer(string engine)
    {
        var server = await servers.GetAsync(engine);
        using var browser = await CustomerPeople.OfPartnerAsync(server, "aozora");

        var page = await browser.GetAsync(Page);
        var fields = (await browser.GetAsync("/account")).Hidden;
        fields["agree"] = "yes";
        var sent = await browser.PostAsync(Page, fields);

        Assert.Contains("This page is for customers", page.Body, StringComparison.Ordinal);
        Assert.Equal(403, sent.Status);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Accept_WithAFormOfAnotherSession_IsRefused(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var other = await FreshCustomers.AddAsync(server, "never");
        using var browser = await CustomerPeople.OfCustomerAsync(server, customer);
        using var stranger = await CustomerPeople.OfCustomerAsync(server, other);
        var fields = (await stranger.GetAsync(Page)).Hidden;
        fields["agree"] = "yes";

        Assert.Equal(403, (await browser.PostAsync(Page, fields)).Status);
        fields["formToken"] = (await browser.GetAsync(Page)).Hidden["formToken"];
        // The other company's name stood in what was shown to it.
        Assert.Equal(409, (await browser.PostAsync(Page, fields)).Status);
        Assert.Equal(403, (await browser.PostAsync(Page, fields, ("Origin", "https://elsewhere.example"), ("Sec-Fetch-Site", "cross-site"))).Status);
        Assert.Equal(0, await AcceptancesAsync(server, customer) + await AcceptancesAsync(server, other));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Accept_BoxNotTickedOrShownChanged_IsRefusedWithThePage(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        using var browser = await CustomerPeople.OfCustomerAsync(server, customer);
        var fields = (await browser.GetAsync(Page)).Hidden;

        var unticked = await browser.PostAsync(Page, fields);
        fields["agree"] = "yes";
        fields["shown"] = fields["shown"].Replace(fields["shown"][..8], "00000000", StringComparison.Ordinal);
        var changed = await browser.PostAsync(Page, fields);

        Assert.Equal((422, 409), (unticked.Status, changed.Status));
        Assert.Contains("Tick the box", unticked.Body, StringComparison.Ordinal);
        Assert.Contains("has changed since it was shown", changed.Body, StringComparison.Ordinal);
        Assert.Equal(0, await AcceptancesAsync(server, customer));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Page_ReadAThousandTimes_ChangesNothing(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        using var browser = await CustomerPeople.OfCustomerAsync(server, customer);
        var first = await browser.GetAsync(Page);
        var before = await server.Parts.Database.ReadEverythingAsync(tx => CountsAsync(tx, customer));

        for (var i = 0; i < 1000; i++)
        {
            var read = await browser.SendAsync(i % 2 == 0 ? HttpMethod.Get : HttpMethod.Head, Page + "&agree=yes&do=accept", null);
            Assert.Equal(200, read.Status);
        }

        Assert.Equal(before, await server.Parts.Database.ReadEverythingAsync(tx => CountsAsync(tx, customer)));
        Assert.Equal(200, (await SendAsync(browser, first)).Status);
        Assert.Equal(1, await AcceptancesAsync(server, customer));
    }

    [Theory]
    [InlineData("never", true)]
    [InlineData("attested-stale", false)]
    [InlineData("attested-current", false)]
    public async Task Accept_WithTheDeadEndSwitch_IsOpenToThoseWhomNobodyAttested(string scenario, bool accepted)
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var customer = await FreshCustomers.AddAsync(server, scenario);
        using var browser = await CustomerPeople.OfCustomerAsync(server, customer);
        var page = await browser.GetAsync(Page);
        Assert.Equal(200, page.Status);
        await server.SwitchAsync("aozora", "directAcceptanceDeadEnd", "true");

        var blocked = await browser.GetAsync(Page);
        var fields = page.Hidden;
        fields["agree"] = "yes";
        await browser.PostAsync(Page, fields);

        Assert.Equal(!accepted, Text(blocked).Contains("Please contact your partner", StringComparison.Ordinal));
        Assert.Equal(accepted ? 1 : 0, await AcceptancesAsync(server, customer));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Accept_OfACustomerWithTwoPartners_CountsForBothAndOrdersRunBeside(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = TestServer.Customer("two-partners");
        Assert.Equal(403, (await OrderAsync(server, customer, "harbor")).Status);
        using var browser = await CustomerPeople.OfCustomerAsync(server, customer);
        var page = await browser.GetAsync(Page);
        Assert.All((string[])["aozora", "harbor"], key => Assert.Contains(TestServer.Partner(key).Name, Text(page), StringComparison.Ordinal));
        Assert.DoesNotContain(TestServer.Partner("kaede").Name, Text(page), StringComparison.Ordinal);

        var orders = Enumerable.Range(0, 20).Select(_ => OrderAsync(server, customer, "harbor")).ToArray();
        var done = await SendAsync(browser, page);
        var answers = await Task.WhenAll(orders);

        Assert.Equal(200, done.Status);
        Assert.All(answers, answer => Assert.Contains(answer.Status, (int[])[201, 403]));
        Assert.Equal(201, (await OrderAsync(server, customer, "harbor")).Status);
        var record = (await LatestAsync(server, customer))!;
        var cited = await server.Parts.Database.ReadEverythingAsync(tx => tx.ManyAsync(
            "SELECT entry_id FROM orders WHERE partner_id = $1 AND customer_id = $2 AND entry_id IS NOT NULL", row => row.Id(0),
            TestServer.Partner("harbor").Id.Value, customer.Value));
        Assert.Equal(answers.Count(answer => answer.Status == 201) + 1, cited.Count(entry => entry == record.Entry.Value));
        await Invariants.CheckAsync(server.Parts);
    }

    [Fact]
    public async Task Accept_AfterSigningInWithTheFirstPassword_LeadsBackToThePageAndIsTaken()
    {
        var server = await servers.GetAsync("sqlite");
        var domain = PartnerCenter.CustomerBodies.NewDomain();
        var made = await server.SendAsync("POST", "/v1/customers", PartnerCenter.CustomerBodies.Customer(domain));
        var (user, password) = (made.Json["userCredentials"]!["userName"]!.GetValue<string>(), made.Json["userCredentials"]!["password"]!.GetValue<string>());
        using var browser = new Browser(server);

        var page = await browser.FollowAsync(await browser.TypeAsync(await browser.FollowAsync(await browser.GetAsync(Page)), $"{user}@{domain}", password));

        Assert.Equal((200, DirectModel.Path), (page.Status, page.Address.AbsolutePath));
        Assert.Equal(200, (await SendAsync(browser, page)).Status);
        Assert.Contains("This agreement has been accepted", (await browser.GetAsync(Page)).Body, StringComparison.Ordinal);
        // No person and no password stood in an address.
        Assert.All(browser.Visited, address => Assert.DoesNotContain(domain, address, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("national-cloud", "Nothing to accept")]
    [InlineData("refused", "Accept the Microsoft Customer Agreement")]
    [InlineData("direct", "This agreement has been accepted")]
    public async Task Page_EveryStanding_SaysWhatCanBeDone(string scenario, string title)
    {
        var server = await servers.GetAsync("sqlite");
        using var browser = await CustomerPeople.OfCustomerAsync(server, await FreshCustomers.AddAsync(server, scenario));
        var page = await browser.GetAsync(Page);
        Assert.Equal(200, page.Status);
        Assert.Contains($"<h1>{title}</h1>", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WithoutTheReference_ExplainsAndLeadsOn()
    {
        var server = await servers.GetAsync("sqlite");
        using var browser = await CustomerPeople.OfCustomerAsync(server, await FreshCustomers.AddAsync(server, "never"));
        foreach (var query in (string[])["", "?ref=/", "?ref=https://elsewhere.example"])
        {
            var page = await browser.GetAsync(DirectModel.Path + query);
            Assert.Equal(200, page.Status);
            Assert.Contains("?ref=%2FBillingAccounts%2Fagreement", page.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("name=\"agree\"", page.Body, StringComparison.Ordinal);
        }
    }

    internal static async Task<Shown> AcceptAsync(Browser browser, string language = "en") => await SendAsync(browser, await browser.GetAsync($"{Page}&lang={language}"));

    private static Task<Shown> SendAsync(Browser browser, Shown page)
    {
        Dictionary<string, string> form = new(page.Hidden) { ["agree"] = "yes" };
        return browser.PostAsync($"{Page}&text={(form["lang"] == "ja" ? "ja-JP" : "en-US")}", form);
    }

    private static string Text(Shown page) => WebUtility.HtmlDecode(page.Body);

    private static Task<Answer> OrderAsync(TestServer server, CustomerId customer, string partner = "aozora") =>
        server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order(), partner);

    private static Task<DirectAcceptanceRow?> LatestAsync(TestServer server, CustomerId customer) =>
        server.Parts.Database.ReadSharedAsync(tx => DirectAcceptanceRows.LatestAsync(tx, customer)).AsTask();

    private static async Task<long> AcceptancesAsync(TestServer server, CustomerId customer) => (long)(await server.Parts.Database.ReadSharedAsync(
        tx => tx.OneAsync("SELECT COUNT(*) FROM direct_acceptances WHERE customer_id = $1", row => (object)row.Long(0), customer.Value)))!;

    private static Task<List<string>> MailsAsync(TestServer server, CustomerId customer) => server.Parts.Database.ReadEverythingAsync(
        tx => tx.ManyAsync("SELECT kind FROM outbox WHERE customer_id = $1", row => row.Text(0), customer.Value)).AsTask();

    private static async Task<byte[]> EntryAsync(TestServer server, EntryId id) => (await server.Parts.Database.ReadSharedAsync(
        tx => tx.OneAsync("SELECT entry FROM ledger_entries WHERE entry_id = $1", row => row.Bytes(0), id.Value)))!;

    private static async ValueTask<string> CountsAsync(Tx tx, CustomerId customer) => string.Join(' ', await tx.ManyAsync("""
        SELECT 'direct', COUNT(*) FROM direct_acceptances WHERE customer_id = $1
        UNION ALL SELECT 'facts', COUNT(*) FROM agreement_facts WHERE customer_id = $1
        UNION ALL SELECT 'audit', COUNT(*) FROM audit WHERE customer_id = $1
        UNION ALL SELECT 'outbox', COUNT(*) FROM outbox WHERE customer_id = $1
        """, row => $"{row.Text(0)}={row.Long(1)}", customer.Value));

    private static Dictionary<string, string> Opened(string lines) => lines.Split('\n').Select(line =>
    {
        using var json = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(line));
        return (Name: json.RootElement[1].GetString()!, Value: json.RootElement[2].GetString()!);
    }).ToDictionary(pair => pair.Name, pair => pair.Value);
}
