using Concordat.Core.Agreements;

namespace Concordat.Server.Tests.Acceptance;

public sealed class SelfAcceptanceTests(Servers servers)
{
    [Fact]
    public async Task Post_BySeller_IsFlagged()
    {
        var server = await servers.GetAsync("sqlite");
        using var http = AcceptPageTests.Browserless(server);
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Shop/1.0");
        var id = await Attesting.CreateAsync(server, new Asked
        {
            Address = "127.0.0.9",
            UserAgent = "Shop/1.0",
            Contact = new("Sales", "Person", "sales@aozora-cloud.example", null),
        });
        var form = await Form.OpenAsync(http, Attesting.PathOf(id));

        using var answer = await form.SendAsync("accept", ("agree", "yes"), ("hints", "800x600 0 0 hidden"));

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(
            SelfAcceptance.SameBrowser | SelfAcceptance.SameNetwork | SelfAcceptance.WithinSeconds | SelfAcceptance.TextNotShown | SelfAcceptance.SellersDomain,
            (await Attesting.FindAsync(server, id)).Row.Answer!.Flags);
        Assert.Equal("sameBrowser sameNetwork withinSeconds textNotShown sellersDomain", (await Attesting.DisclosedAsync(server, id))["selfAcceptance"]);
    }

    [Fact]
    public async Task Post_ByCustomer_HasFewerFlags()
    {
        var server = await servers.GetAsync("sqlite");
        using var http = AcceptPageTests.Browserless(server);
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Browser/1.0");
        var id = await Attesting.CreateAsync(server, new Asked { Address = "192.0.2.9", UserAgent = "Shop/1.0" });
        var form = await Form.OpenAsync(http, Attesting.PathOf(id));

        using var answer = await form.SendAsync("accept", ("agree", "yes"));

        // A test is no reader.
        Assert.Equal(SelfAcceptance.WithinSeconds, (await Attesting.FindAsync(server, id)).Row.Answer!.Flags);
    }
}
