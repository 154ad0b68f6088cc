namespace Concordat.Server.Tests.PartnerCenter;

public class RelationshipsTests(Servers servers)
{
    [Theory]
    [InlineData("kaede", "admin", "IsIndirectCloudSolutionProviderOf", 3, "is_indirect_cloud_solution_provider_of")]
    [InlineData("kaede", "helpdesk", "is_indirect_reseller_of", 0, null)]
    [InlineData("sakura", "user", "IsIndirectResellerOf", 1, "is_indirect_reseller_of")]
    [InlineData("sakura", "user", "isindirectcloudsolutionproviderof", 0, null)]
    [InlineData("aozora", "sales", "IsIndirectCloudSolutionProviderOf", 0, null)]
    public async Task List_EitherDirection_ShowsTheOtherSide(string partner, string who, string type, int count, string? word)
    {
        var server = await servers.GetAsync("sqlite");
        var list = await server.SendAsync("GET", $"/v1/relationships?relationship_type={type}", partner: partner, who: who);
        Assert.Equal((200, count), (list.Status, list.Json["totalCount"]!.GetValue<int>()));
        Assert.All(list.Json["items"]!.AsArray(), item =>
        {
            Assert.Equal(word, item!["relationshipType"]!.GetValue<string>());
            Assert.Equal("Active", item["state"]!.GetValue<string>());
            Assert.Equal(item["partnerId"]!.GetValue<string>(), item["mpnId"]!.GetValue<string>());
        });
    }

    [Theory]
    [InlineData("/v1/relationships", "admin", 400, 900126)]
    [InlineData("/v1/relationships?relationship_type=x", "admin", 400, 900126)]
    [InlineData("/v1/relationships?relationship_type=IsIndirectResellerOf", "app", 403, 900329)]
    [InlineData("/v1/profiles/mpn?mpnId=1", "admin", 404, 3000)]
    [InlineData("/v1/compliance/csp/agreementstatus", "admin", 400, 2001)]
    [InlineData("/v1/compliance/csp/agreementstatus?mpnId=4200001&tenantId=x", "admin", 400, 2001)]
    [InlineData("/v1/compliance/csp/agreementstatus?mpnId=x", "admin", 400, 2001)]
    [InlineData("/v1/compliance/csp/agreementstatus?tenantId=x", "admin", 400, 2000)]
    [InlineData("/v1/compliance/csp/agreementstatus?mpnId=1", "admin", 404, 3000)]
    [InlineData("/v1/customers/relationshiprequests", "app", 403, 900329)]
    public async Task Get_WhatCannotBeAnswered_IsRefused(string path, string who, int status, int code)
    {
        var server = await servers.GetAsync("sqlite");
        var refused = await server.SendAsync("GET", path, partner: "kaede", who: who);
        Assert.Equal((status, code), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Get_MpnProfileAndAgreementStatus_AreFound()
    {
        var server = await servers.GetAsync("sqlite");
        var sakura = TestServer.Partner("sakura");

        var byId = await server.SendAsync("GET", $"/v1/profiles/mpn?mpnId={sakura.MpnId}", partner: "kaede");
        var own = await server.SendAsync("GET", "/v1/profiles/mpn", partner: "sakura", who: "user");
        var signed = await server.SendAsync("GET", $"/v1/compliance/csp/agreementstatus?tenantId={sakura.Id}", partner: "kaede");

        Assert.Equal((200, sakura.Name), (byId.Status, byId.Json["partnerName"]!.GetValue<string>()));
        Assert.Equal(byId.Body, own.Body);
        Assert.Equal((200, """{"isAgreementSigned":true}"""), (signed.Status, signed.Body));
    }

    [Fact]
    public async Task RelationshipRequest_Path_IsNotTakenForACustomer()
    {
        var server = await servers.GetAsync("sqlite");
        var request = await server.SendAsync("GET", "/v1/customers/RelationshipRequests");
        Assert.Equal(200, request.Status);
        Assert.Equal(
            $"{server.BaseUrl}/AdminPortal/Home?invType=ResellerRelationship&partnerId={TestServer.Partner("aozora").Id}&msppId=0&DAP=false#/BillingAccounts/partner-invitation",
            request.Json["url"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task OfCustomer_SeededCustomer_ShowsItsReseller(string engine)
    {
        var server = await servers.GetAsync(engine);
        var list = await server.SendAsync("GET", $"/v1/customers/{TestServer.Customer("direct", "kaede")}/relationships", partner: "kaede");
        Assert.Equal(TestServer.Partner("minato").Id.ToString(), Assert.Single(list.Json["items"]!.AsArray())!["id"]!.GetValue<string>());
    }
}
