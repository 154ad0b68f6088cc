using System.Text.Json.Nodes;

namespace Concordat.Server.Tests.PartnerCenter;

public class CustomerListTests(Servers servers)
{
    private const string TokenHeader = "MS-ContinuationToken";

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task List_PageByPageForthAndBack_ShowsEveryCustomerOnceInOrder(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        foreach (var name in (string[])["Ash 10", "ash 2", "Ｂｅｅｃｈ", "Zelkova", "Ash 10"])
        {
            await CustomerBodies.AddAsync(server, name);
        }

        var whole = await server.SendAsync("GET", "/v1/customers?size=0");
        var (forth, pages, last) = await WalkAsync(server, "/customers?size=3", "next");
        var (back, _, _) = await WalkAsync(server, "/customers?size=3&seekOperation=Last", "previous");

        var expected = Ids(whole.Json);
        Assert.Equal(14, whole.Json["totalCount"]!.GetValue<int>());
        Assert.Null(whole.Json["links"]!["next"]);
        Assert.Null(whole.Json["continuationToken"]);
        Assert.Equal(expected, forth);
        Assert.Equal(5, pages);
        Assert.Equal(2, last["totalCount"]!.GetValue<int>());
        Assert.Equal(expected.Reverse(), back);
        Assert.Equal(["Ash 10", "Ash 10", "ash 2", "Ｂｅｅｃｈ"], Names(whole.Json).Take(4));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task List_SeekWithTokenAlone_KeepsSizeAndFilter(string engine)
    {
        var server = await servers.GetAsync(engine);
        var prefix = $"Seek {Guid.NewGuid():N}";
        foreach (var number in Enumerable.Range(1, 3))
        {
            await CustomerBodies.AddAsync(server, $"{prefix} {number}");
        }

        var first = await server.SendAsync("GET", $"/v1/customers?size=2&{Filter("CompanyName", prefix, "starts_with")}");
        var token = first.Json["continuationToken"]!.GetValue<string>();
        var next = await server.SendAsync("GET", "/v1//customers?seekOperation=Next", headers: (TokenHeader, token));
        var again = await server.SendAsync("GET", "/v1/customers?seekoperation=first", headers: (TokenHeader, token));

        Assert.Equal([$"{prefix} 1", $"{prefix} 2"], Names(first.Json));
        Assert.Equal([$"{prefix} 3"], Names(next.Json));
        Assert.Equal(Names(first.Json), Names(again.Json));
        Assert.Equal("/customers?size=2&seekOperation=Next", first.Json["links"]!["next"]!["uri"]!.GetValue<string>());
        Assert.Equal(token, next.Json["links"]!["self"]!["headers"]![0]!["value"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task List_Item_CarriesTheListsMembersOnly(string engine)
    {
        var server = await servers.GetAsync(engine);
        var list = await server.SendAsync("GET", "/v1/customers?size=1", who: "app");
        var item = list.Json["items"]![0]!.AsObject();
        Assert.Equal(["id", "companyProfile", "relationshipToPartner", "links", "attributes"], item.Select(member => member.Key));
        Assert.Equal("Collection", list.Json["attributes"]!["objectType"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("sqlite", "CompanyName", "twin ri", "starts_with", "Twin Rivers Clinic")]
    [InlineData("postgres", "CompanyName", "twin ri", "starts_with", "Twin Rivers Clinic")]
    [InlineData("sqlite", "companyname", "ひので商店", "EQUALS", "ひので商店")]
    [InlineData("postgres", "companyname", "ひので商店", "equals", "ひので商店")]
    [InlineData("sqlite", "Company_Name", "ひので", "equals", null)]
    [InlineData("postgres", "CompanyName", "ひので", "equals", null)]
    [InlineData("sqlite", "Domain", "FORTMOSS.on", "StartsWith", "Fort Moss County Office")]
    [InlineData("postgres", "Domain", "FORTMOSS.on", "starts_with", "Fort Moss County Office")]
    [InlineData("sqlite", "CompanyName", "%", "starts_with", null)]
    [InlineData("postgres", "CompanyName", "_", "starts_with", null)]
    public async Task List_Filter_FindsWithoutRegardToCase(string engine, string field, string value, string word, string? expected)
    {
        var server = await servers.GetAsync(engine);
        var found = await server.SendAsync("GET", $"/v1/customers?size=0&{Filter(field, value, word)}");
        Assert.Equal(200, found.Status);
        Assert.Equal(expected is null ? [] : [expected], Names(found.Json));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task List_OfOneReseller_ShowsItsCustomersAlone(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var sakura = Filter("IndirectReseller", TestServer.Partner("sakura").Id.ToString(), "starts_with");
        var provider = TestServer.Partner("kaede").Id.ToString();

        var ofSakura = await server.SendAsync("GET", $"/v1/customers?size=1&{sakura}", partner: "kaede");
        var (ids, _, _) = await WalkAsync(server, $"/customers?size=1&{sakura}", "next", "kaede");
        var byApp = await server.SendAsync("GET", $"/v1/customers?{sakura}", partner: "kaede", who: "app");
        var elsewhere = await server.SendAsync("GET", $"/v1/customers?{sakura}");
        var byReseller = await server.SendAsync("GET", "/v1/customers", partner: "sakura", who: "user");
        var ofProvider = await server.SendAsync("GET", $"/v1/customers?{Filter("IndirectCloudSolutionProvider", provider, "equals")}", partner: "kaede");
        var ofOther = await server.SendAsync("GET", $"/v1/customers?{Filter("IndirectCloudSolutionProvider", provider, "equals")}");

        Assert.Equal(1, ofSakura.Json["totalCount"]!.GetValue<int>());
        Assert.Equal(2, ids.Count);
        Assert.Equal(403, byApp.Status);
        Assert.Equal(0, elsewhere.Json["totalCount"]!.GetValue<int>());
        Assert.Equal((403, 900150), (byReseller.Status, byReseller.Code));
        Assert.Equal(4, ofProvider.Json["totalCount"]!.GetValue<int>());
        Assert.Equal(0, ofOther.Json["totalCount"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("size=-1")]
    [InlineData("size=two")]
    [InlineData("size=1&size=2")]
    [InlineData("seekOperation=Next")]
    [InlineData("seekOperation=Previous")]
    [InlineData("seekOperation=PageIndex")]
    [InlineData("filter=CompanyName")]
    [InlineData("filter=null")]
    [InlineData("filter={}")]
    [InlineData("filter={\"Field\":\"CompanyName\",\"Value\":null,\"Operator\":\"equals\"}")]
    [InlineData("filter={\"Field\":\"CompanyName\",\"Value\":3,\"Operator\":\"equals\"}")]
    [InlineData("filter={\"Field\":\"CompanyName\",\"Value\":\"a\",\"Operator\":\"substring\"}")]
    [InlineData("filter={\"Field\":\"Phone\",\"Value\":\"a\",\"Operator\":\"equals\"}")]
    [InlineData("filter={\"Field\":\"IndirectReseller\",\"Value\":\"a\",\"Operator\":\"equals\"}")]
    public async Task List_QueryItCannotUse_IsRefusedWith2000(string query)
    {
        var server = await servers.GetAsync("sqlite");
        var refused = await server.SendAsync("GET", "/v1/customers?" + query);
        Assert.Equal((400, 2000), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task List_ForgedOrBorrowedToken_IsRefused()
    {
        var server = await servers.GetAsync("sqlite");
        var page = await server.SendAsync("GET", "/v1/customers?size=1");
        var token = page.Json["continuationToken"]!.GetValue<string>();
        var changed = token[..10] + (token[10] == 'A' ? 'B' : 'A') + token[11..];
        foreach (var (text, partner) in ((string, string)[])[(changed, "aozora"), (token, "harbor"), ("x", "aozora"), (new string('A', 60), "aozora")])
        {
            var refused = await server.SendAsync("GET", "/v1/customers?seekOperation=Next", partner: partner, headers: (TokenHeader, text));
            Assert.Equal((400, 2000), (refused.Status, refused.Code));
        }
    }

    [Fact]
    public async Task List_MoreThanTheLargestPage_IsCutToIt()
    {
        var server = await servers.GetAsync("sqlite");
        var page = await server.SendAsync("GET", "/v1/customers?size=99999");
        Assert.Equal(200, page.Status);
    }

    /// <summary>Follows the links as the SDKs do: the path behind /v1/, the headers as given.</summary>
    private static async Task<(List<string> Ids, int Pages, JsonNode Last)> WalkAsync(
        TestServer server, string uri, string relation, string partner = "aozora")
    {
        var (ids, pages, headers) = (new List<string>(), 0, Array.Empty<(string, string)>());
        while (true)
        {
            var page = await server.SendAsync("GET", "/v1/" + uri, partner: partner, headers: headers);
            Assert.Equal(200, page.Status);
            ids.AddRange(relation == "next" ? Ids(page.Json) : Ids(page.Json).Reverse());
            pages++;
            if (page.Json["links"]![relation] is not { } link)
            {
                return (ids, pages, page.Json);
            }

            uri = link["uri"]!.GetValue<string>();
            headers = [.. link["headers"]!.AsArray().Select(header => (header!["key"]!.GetValue<string>(), header["value"]!.GetValue<string>()))];
        }
    }

    private static string[] Ids(JsonNode page) => [.. page["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>())];

    private static string[] Names(JsonNode page) =>
        [.. page["items"]!.AsArray().Select(item => item!["companyProfile"]!["companyName"]!.GetValue<string>())];

    private static string Filter(string field, string value, string word) =>
        "filter=" + Uri.EscapeDataString($$"""{"Field":"{{field}}","Value":"{{value}}","Operator":"{{word}}"}""");
}
