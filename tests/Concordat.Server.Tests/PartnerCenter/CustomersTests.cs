using Concordat.Core;
using Concordat.Server.Sandbox;

namespace Concordat.Server.Tests.PartnerCenter;

public class CustomersTests(Servers servers)
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Add_OwnCustomer_AnswersItWithCredentialsAndListsItAsReseller(string engine)
    {
        var server = await servers.GetAsync(engine);
        var domain = CustomerBodies.NewDomain();

        var added = await server.SendAsync("POST", "/v1/customers", CustomerBodies.Customer(domain.ToUpperInvariant()));
        var id = added.Json["id"]!.GetValue<string>();
        var read = await server.SendAsync("GET", $"/v1/customers/{id}", who: "app");

        Assert.Equal(201, added.Status);
        Assert.Equal("none", added.Json["relationshipToPartner"]!.GetValue<string>());
        Assert.Equal("admin", added.Json["userCredentials"]!["userName"]!.GetValue<string>());
        Assert.Equal(16, added.Json["userCredentials"]!["password"]!.GetValue<string>().Length);
        Assert.Equal(200, read.Status);
        Assert.Equal("reseller", read.Json["relationshipToPartner"]!.GetValue<string>());
        Assert.Equal(domain, read.Json["companyProfile"]!["domain"]!.GetValue<string>());
        Assert.Equal("en-US", read.Json["billingProfile"]!["culture"]!.GetValue<string>());
        Assert.Equal("US", read.Json["billingProfile"]!["defaultAddress"]!["country"]!.GetValue<string>());
        Assert.Null(read.Json["userCredentials"]);
        Assert.Equal(200, (await server.SendAsync("HEAD", $"/v1/domains/{domain}")).Status);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Add_SameRequestIdAgain_AnswersTheSamePasswordAndNoSecondCustomer(string engine)
    {
        var server = await servers.GetAsync(engine);
        var body = CustomerBodies.Customer(CustomerBodies.NewDomain());
        var id = ("MS-RequestId", Guid.NewGuid().ToString());

        var first = await server.SendAsync("POST", "/v1/customers", body, headers: id);
        var again = await server.SendAsync("POST", "/v1/customers", body, headers: id);
        var taken = await server.SendAsync("POST", "/v1/customers", body, "harbor");

        Assert.Equal(201, first.Status);
        Assert.Equal((201, first.Body), (again.Status, again.Body));
        Assert.Equal(409, taken.Status);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Add_ForAReseller_BelongsToIt(string engine)
    {
        var server = await servers.GetAsync(engine);
        var sakura = TestServer.Partner("sakura").Id.ToString();
        var body = CustomerBodies.Customer(CustomerBodies.NewDomain(), "Juniper Archive", reseller: sakura);

        var byApp = await server.SendAsync("POST", "/v1/customers", body, "kaede", "app");
        var byOther = await server.SendAsync("POST", "/v1/customers", body);
        var byReseller = await server.SendAsync("POST", "/v1/customers", body, "sakura", "user");
        var added = await server.SendAsync("POST", "/v1/customers", body, "kaede");
        var resellers = await server.SendAsync("GET", $"/v1/customers/{added.Json["id"]}/relationships", partner: "kaede");

        Assert.Equal((403, 900329), (byApp.Status, byApp.Code));
        Assert.Equal((400, 800002), (byOther.Status, byOther.Code));
        Assert.Equal((403, 900150), (byReseller.Status, byReseller.Code));
        Assert.Equal((201, "reseller"), (added.Status, added.Json["relationshipToPartner"]!.GetValue<string>()));
        var reseller = Assert.Single(resellers.Json["items"]!.AsArray());
        Assert.Equal(sakura, reseller!["id"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Add_SameDomainAtOnce_OneWins(string engine)
    {
        var server = await servers.GetAsync(engine);
        var domain = CustomerBodies.NewDomain();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            server.SendAsync("POST", "/v1/customers", CustomerBodies.Customer(domain, $"Racer {i}"), i % 2 == 0 ? "aozora" : "harbor")));

        Assert.Equal(15, answers.Count(answer => answer.Status == 409));
        Assert.Single(answers, answer => answer.Status == 201);
    }

    [Theory]
    [InlineData("""{"CompanyProfile":null,"BillingProfile":null}""", 800002)]
    [InlineData("[]", 800002)]
    [InlineData("", 800002)]
    public async Task Add_WhatIsNoCustomer_IsRefused(string body, int code)
    {
        var server = await servers.GetAsync("sqlite");
        var refused = await server.SendAsync("POST", "/v1/customers", body);
        Assert.Equal((400, code), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData("\"98052\"", "\"no code\"", "billingProfile.defaultAddress.postalCode")]
    [InlineData("\"WA\"", "\"ZZ\"", "billingProfile.defaultAddress.state")]
    [InlineData("\"us\"", "\"KP\"", "billingProfile.defaultAddress.country")]
    [InlineData("@tamarack.example", "@microsoft.com", "billingProfile.email")]
    [InlineData("@tamarack.example", "@aozora-cloud.example", "billingProfile.email")]
    [InlineData("\"Tamarack Joinery\"", "\"GmbH\"", "billingProfile.companyName")]
    [InlineData("\"4255550100\"", "\"12\"", "billingProfile.defaultAddress.phoneNumber")]
    [InlineData(".onmicrosoft.com", ".example", "companyProfile.domain")]
    [InlineData("\"EN-US\"", "\"en_US\"", "billingProfile.culture")]
    public async Task Add_OneFieldWrong_IsNamedAndNothingStored(string right, string wrong, string field)
    {
        var server = await servers.GetAsync("sqlite");
        var domain = CustomerBodies.NewDomain();
        var body = CustomerBodies.Customer(domain);
        Assert.Contains(right, body, StringComparison.Ordinal);

        var refused = await server.SendAsync("POST", "/v1/customers", body.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal((400, field), (refused.Status, refused.Json["data"]![0]!.GetValue<string>()));
        Assert.Equal(404, (await server.SendAsync("HEAD", $"/v1/domains/{domain}")).Status);
    }

    [Theory]
    [InlineData("null", "\"4255550100\"", 600049)]
    [InlineData("\"?\"", "\"4255550100\"", 600050)]
    [InlineData("\"12-345\"", "null", 600051)]
    [InlineData("\"12-345\"", "\"4255550100\"", 0)]
    public async Task Add_CountryWithRegistrationNumbers_ChecksThePair(string number, string phone, int code)
    {
        var server = await servers.GetAsync("sqlite");
        var body = CustomerBodies.Customer(CustomerBodies.NewDomain())
            .Replace("\"CompanyName\":null", $"\"OrganizationRegistrationNumber\":{number}", StringComparison.Ordinal)
            .Replace("\"4255550100\"", phone, StringComparison.Ordinal).Replace("\"us\"", "\"AE\"", StringComparison.Ordinal);

        var answer = await server.SendAsync("POST", "/v1/customers", body);

        Assert.Equal(code == 0 ? (201, 0) : (400, code), (answer.Status, code == 0 ? 0 : answer.Code));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task AnyCall_ForeignUnknownOrMalformedCustomer_TellsNothingApart(string engine)
    {
        var server = await servers.GetAsync(engine);
        foreach (var path in (string[])["", "/profiles/billing", "/profiles/company", "/relationships", "/validationStatus?type=account"])
        {
            var foreign = await server.SendAsync("GET", $"/v1/customers/{TestServer.Customer("never", "harbor")}{path}");
            var unknown = await server.SendAsync("GET", $"/v1/customers/{SeedIds.Of("customer", "nobody")}{path}");
            var malformed = await server.SendAsync("GET", $"/v1/customers/x{path}");
            var byReseller = await server.SendAsync("GET", $"/v1/customers/{TestServer.Customer("never", "kaede")}{path}", partner: "sakura", who: "user");

            Assert.Equal((404, 60003), (foreign.Status, foreign.Code));
            Assert.Equal((404, foreign.Body), (unknown.Status, unknown.Body));
            Assert.Equal((400, 900118), (malformed.Status, malformed.Code));
            Assert.Equal((403, 900150), (byReseller.Status, byReseller.Code));
        }
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Remove_ProductionAccount_IsRefused(string engine)
    {
        var server = await servers.GetAsync(engine);
        var refused = await server.SendAsync("DELETE", $"/v1/customers/{TestServer.Customer("never")}");
        Assert.Equal((403, 600006), (refused.Status, refused.Code));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Remove_SandboxCustomer_IsUnknownAfterwardsAndItsDomainFree(string engine)
    {
        var server = await servers.GetAsync(engine);
        var domain = CustomerBodies.NewDomain();
        var id = await CustomerBodies.AddAsync(server, "Gone Tomorrow", "harbor", domain);
        var path = $"/v1/customers/{id}";
        var confirmed = await server.SendAsync("POST", $"{path}/agreements", server.Confirmation(), "harbor");
        var request = ("MS-RequestId", Guid.NewGuid().ToString());

        var byHelpdesk = await server.SendAsync("DELETE", path, partner: "harbor", who: "helpdesk");
        var removed = await server.SendAsync("DELETE", path, partner: "harbor", headers: request);
        var again = await server.SendAsync("DELETE", path, partner: "harbor", headers: request);
        var later = await server.SendAsync("DELETE", path, partner: "harbor");

        Assert.Equal((201, 403), (confirmed.Status, byHelpdesk.Status));
        Assert.Equal((204, 204, 404), (removed.Status, again.Status, later.Status));
        foreach (var gone in (string[])[path, $"{path}/profiles/billing", $"{path}/agreements"])
        {
            Assert.Equal(404, (await server.SendAsync("GET", gone, partner: "harbor")).Status);
        }

        Assert.Equal(404, (await server.SendAsync("POST", $"{path}/orders", TestServer.Order(), "harbor")).Status);
        Assert.False(server.Parts.Context.Standings.TryGet(TestServer.Partner("harbor").Id, new CustomerId(Guid.Parse(id)), out _));
        Assert.Equal(404, (await server.SendAsync("HEAD", $"/v1/domains/{domain}")).Status);
        await CustomerBodies.AddAsync(server, "Back Again", "harbor", domain);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Remove_CustomerOfTwoPartners_StaysWithTheOther(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var path = $"/v1/customers/{TestServer.Customer("two-partners")}";

        var removed = await server.SendAsync("DELETE", path, partner: "harbor");

        Assert.Equal(204, removed.Status);
        Assert.Equal(200, (await server.SendAsync("GET", path)).Status);
        Assert.Equal(200, (await server.SendAsync("HEAD", "/v1/domains/twinrivers.onmicrosoft.example")).Status);
        await Invariants.CheckAsync(server.Parts);
    }
}
