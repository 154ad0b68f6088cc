using Concordat.Server.Sandbox;
using Concordat.Server.Tests.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Concordat.Server.Tests.Portal;

/// <summary>Who sees which page of the portal: every page, every seeded person of every tenant.</summary>
public sealed class PortalAccessTests(Servers servers)
{
    private static readonly string[] Staff = ["admin", "sales", "helpdesk", "auditor"];
    private static readonly string[] Everybody = [.. Staff, "user"];

    // Written here once more on purpose: a page that is not in the table fails, and so does one that opens to others.
    private static readonly Dictionary<string, string[]> Pages = new()
    {
        ["portal"] = Everybody,
        ["portal/customers"] = Everybody,
        ["portal/customers/export"] = Everybody,
        ["portal/customers/{customer}"] = Everybody,
    };

    public static TheoryData<string> Engines => Servers.Engines;

    [Fact]
    public async Task Pages_OfThePortal_AreAllInTheTable()
    {
        var server = await servers.GetAsync("sqlite");
        var routes = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>()?.ViewEnginePath.StartsWith("/Portal/", StringComparison.Ordinal) == true)
            .Select(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/'));

        Assert.Equal(Pages.Keys.Order(), routes.Order());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Page_ByPerson_OpensToItsOwnOnly(string engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var one in SandboxSignIn.Offered)
        {
            using var browser = new Browser(server);
            await browser.SignInAsync(one.Person.UserName);
            var isStaff = SeedPlan.Partners.Any(partner => partner.Id.Value == one.Tenant.Id);
            foreach (var (path, who) in Pages)
            {
                var address = "/" + path.Replace("{customer}", TestServer.Customer("never").ToString(), StringComparison.Ordinal);
                var expected = isStaff && who.Contains(one.Person.UserName.Split('@')[0]);
                var status = (await browser.FollowAsync(await browser.GetAsync(address))).Status;
                Assert.True((expected ? status is 200 or 404 : status == 403), $"{one.Person.UserName} {address} {status}");
            }
        }
    }

    [Fact]
    public async Task Page_NobodySignedIn_AsksToSignInAndShowsNothing()
    {
        var server = await servers.GetAsync("sqlite");
        using var browser = new Browser(server);
        foreach (var path in Pages.Keys)
        {
            var shown = await browser.GetAsync("/" + path.Replace("{customer}", TestServer.Customer("never").ToString(), StringComparison.Ordinal));
            Assert.Equal((302, ""), (shown.Status, shown.Body));
        }
    }

    [Theory]
    [InlineData("admin@aozora-cloud.example", "/portal")]
    [InlineData("user@sakura-systems.example", "/portal")]
    [InlineData("owner@hinode.onmicrosoft.example", "/AdminPortal/Home?ref=/BillingAccounts/agreement")]
    public async Task SignIn_WithoutAPage_LandsWhereThePersonBelongs(string userName, string landing)
    {
        var server = await servers.GetAsync("sqlite");
        using var browser = new Browser(server);
        var asked = await browser.FollowAsync(await browser.GetAsync("/signin"));

        await browser.FollowAsync(await browser.ChooseAsync(asked, userName));

        Assert.Equal(landing, browser.Visited.SkipWhile(address => !address.StartsWith("/signin/callback", StringComparison.Ordinal)).ElementAt(1));
    }
}
