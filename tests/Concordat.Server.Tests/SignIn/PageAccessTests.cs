using System.Net;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.Sandbox;
using Concordat.Server.Tests.Hosting.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Concordat.Server.Tests.SignIn;

/// <summary>Who sees what: pages made for the purpose, at the real server.</summary>
public sealed class PageAccessTests(Servers servers)
{
    private const string Admin = "admin@aozora-cloud.example";

    private static readonly Dictionary<string, PageAccessAttribute> Pages = new()
    {
        ["/test/agents"] = new(TenantKind.Partner, Roles.Agents),
        ["/test/readers"] = new(TenantKind.Partner, Roles.Readers | Roles.Auditor),
        ["/test/audit"] = new(TenantKind.Partner, Roles.Auditor),
        ["/test/resellers"] = new(TenantKind.Partner, Roles.ResellerUser),
        ["/test/signers"] = new(TenantKind.Customer, Roles.CustomerSigners),
        ["/test/customers"] = new(TenantKind.Customer, Roles.CustomerPeople),
        ["/test/wrong-side"] = new(TenantKind.Customer, Roles.PartnerStaff),
        ["/test/attest"] = new(TenantKind.Partner, Roles.Agents) { StepUp = true },
    };

    public static TheoryData<string> Engines => Servers.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Page_ByRole_OpensToItsOwnOnly(string engine)
    {
        await using var server = await StartAsync(engine);
        foreach (var one in SandboxSignIn.Offered)
        {
            using var browser = new Browser(server);
            await browser.SignInAsync(one.Person.UserName);
            var kind = SeedPlan.Partners.Any(partner => partner.Id.Value == one.Tenant.Id) ? TenantKind.Partner : TenantKind.Customer;
            foreach (var (path, access) in Pages)
            {
                var expected = access.Kind == kind && (access.Roles & one.Person.Roles) != 0 ? 200 : 403;
                Assert.True(expected == (await browser.GetAsync(path)).Status, $"{one.Person.UserName} {path} {expected}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task StepUp_OldAuthentication_AsksTheSamePersonAgainAndComesBack(string engine)
    {
        var clock = new HeldClock(DateTimeOffset.UtcNow);
        await using var server = await StartAsync(engine, clock);
        using var browser = new Browser(server);
        await browser.SignInAsync(Admin);
        Assert.Equal(200, (await browser.GetAsync("/test/attest?customer=1")).Status);
        clock.Advance(SignedIn.FreshFor);
        Assert.Equal(200, (await browser.GetAsync("/test/agents")).Status);
        var form = (await browser.GetAsync(SignInFlow.AccountPath)).Hidden;

        Assert.Equal(401, (await browser.PostAsync("/test/attest", form)).Status);
        var asked = await browser.GetAsync("/test/attest?customer=1");
        Assert.Equal(("login", "900"), (asked.Parameter("prompt"), asked.Parameter("max_age")));
        var other = await browser.FollowAsync(await browser.ChooseAsync(await browser.FollowAsync(asked), "sales@aozora-cloud.example"));
        Assert.Equal("/signin/failed?why=OtherPerson", other.Address.PathAndQuery);
        var weak = await browser.SignInAsync(Admin, "/test/attest?customer=1", secondFactor: false);
        Assert.Equal("/signin/failed?why=SecondFactor", weak.Address.PathAndQuery);
        var passed = await browser.SignInAsync(Admin, "/test/attest?customer=1");
        Assert.Equal((200, "/test/attest?customer=1"), (passed.Status, passed.Address.PathAndQuery));
        Assert.Equal(403, (await browser.PostAsync("/test/attest", form)).Status);
        form = (await browser.GetAsync(SignInFlow.AccountPath)).Hidden;
        Assert.Equal(200, (await browser.PostAsync("/test/attest", form)).Status);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Page_AskedForByAScriptOrInAdvance_SendsNobodyToSignIn(string engine)
    {
        await using var server = await StartAsync(engine);
        using var browser = new Browser(server);

        Assert.Equal(302, (await browser.GetAsync("/test/agents", ("Sec-Fetch-Mode", "navigate"))).Status);
        Assert.Equal(401, (await browser.GetAsync("/test/agents", ("Sec-Fetch-Mode", "cors"))).Status);
        Assert.Equal(401, (await browser.GetAsync("/test/agents", ("Sec-Fetch-Mode", "navigate"), ("Sec-Purpose", "prefetch"))).Status);
        var refused = await browser.PostAsync("/test/agents", []);
        Assert.Equal(401, refused.Status);
        Assert.Contains("/signin?return=", WebUtility.HtmlDecode(refused.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_Every_SaysForWhomItIs()
    {
        var server = await servers.GetAsync("sqlite");
        var loader = server.Services.GetRequiredService<PageLoader>();
        var pages = server.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>()).OfType<PageActionDescriptor>().ToList();

        Assert.NotEmpty(pages);
        foreach (var page in pages)
        {
            var declared = (await loader.LoadAsync(page, EndpointMetadataCollection.Empty)).EndpointMetadata!
                .Count(one => one is OpenPageAttribute or SignedInPageAttribute or PageAccessAttribute);
            Assert.True(declared == 1, $"{page.ViewEnginePath} carries {declared} of [OpenPage], [SignedInPage] and [PageAccess].");
        }
    }

    private static Task<TestServer> StartAsync(string engine, TimeProvider? wall = null) => TestServer.StartAsync(engine, wall, more: app =>
    {
        foreach (var (path, access) in Pages)
        {
            app.MapMethods(path, ["GET", "POST"], (HttpContext http) => Results.Text(http.Person().Kind.ToString())).WithMetadata(access);
        }
    });
}
