using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.PartnerCenter;

public class CustomerProfilesTests(Servers servers)
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task ChangeBilling_WithTheTagThatWasRead_RenamesTheAccountAndNotTheTenant(string engine)
    {
        var server = await servers.GetAsync(engine);
        var id = await CustomerBodies.AddAsync(server, "Old Mill");
        var path = $"/v1/customers/{id}/profiles/billing";
        var read = await server.SendAsync("GET", path, who: "app");
        var tag = read.Json["attributes"]!["etag"]!.GetValue<string>();

        var changed = await server.SendAsync("PUT", path, CustomerBodies.Billing("New Mill"), headers: ("If-Match", tag));
        var stale = await server.SendAsync("PUT", path, CustomerBodies.Billing("Third Mill"), headers: ("If-Match", tag));
        var customer = await server.SendAsync("GET", $"/v1/customers/{id}");
        var company = await server.SendAsync("GET", $"/v1/customers/{id}/profiles/company");

        Assert.Equal(tag, read.Headers["ETag"]);
        Assert.Equal((200, "New Mill"), (changed.Status, changed.Json["companyName"]!.GetValue<string>()));
        Assert.NotEqual(tag, changed.Headers["ETag"]);
        Assert.Equal(412, stale.Status);
        Assert.Equal("New Mill", customer.Json["companyProfile"]!["companyName"]!.GetValue<string>());
        Assert.Equal("New Mill", customer.Json["billingProfile"]!["companyName"]!.GetValue<string>());
        Assert.Equal("Old Mill", company.Json["companyName"]!.GetValue<string>());
        Assert.Equal(changed.Headers["ETag"], company.Headers["ETag"]);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task ChangeBilling_SameRequestAgain_AnswersTheFirstVersion(string engine)
    {
        var server = await servers.GetAsync(engine);
        var id = await CustomerBodies.AddAsync(server, "Heron Press");
        (string, string)[] headers = [("If-Match", "\"1\""), ("MS-RequestId", Guid.NewGuid().ToString())];

        var first = await server.SendAsync("PUT", $"/v1/customers/{id}/profiles/billing", CustomerBodies.Billing("Heron Books"), headers: headers);
        var again = await server.SendAsync("PUT", $"/v1/customers/{id}/profiles/billing", CustomerBodies.Billing("Heron Books"), headers: headers);

        Assert.Equal(200, first.Status);
        Assert.Equal((200, first.Body), (again.Status, again.Body));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task ChangeBilling_OldProfile_IsRemovedAndSignatoriesStay(string engine)
    {
        var server = await servers.GetAsync(engine);
        var id = await CustomerBodies.AddAsync(server, "Wren Bakery");
        var customer = new CustomerId(Guid.Parse(id));
        Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{id}/agreements", server.Confirmation())).Status);
        var before = await SubjectsAsync(server, customer);

        var billing = CustomerBodies.Billing("Wren Bakery", "new@wren.example");
        await server.SendAsync("PUT", $"/v1/customers/{id}/profiles/billing", billing, headers: ("If-Match", "*"));
        var after = await SubjectsAsync(server, customer);
        var agreements = await server.SendAsync("GET", $"/v1/customers/{id}/agreements?agreementType=*");

        Assert.Equal((2, 2), (before.Count, after.Count));
        Assert.Single(before.Intersect(after));
        Assert.Equal("hanako@customer.example", agreements.Json["items"]![0]!["primaryContact"]!["email"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task ChangeBilling_SameTagAtOnce_OneWins(string engine)
    {
        var server = await servers.GetAsync(engine);
        var path = $"/v1/customers/{await CustomerBodies.AddAsync(server, "Kestrel Tools")}/profiles/billing";

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            server.SendAsync("PUT", path, CustomerBodies.Billing($"Kestrel {i}"), headers: ("If-Match", "\"1\""))));

        Assert.Equal(15, answers.Count(answer => answer.Status == 412));
        var won = Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(won.Body, (await server.SendAsync("GET", path)).Body);
    }

    [Theory]
    [InlineData(null, "98052", 400)]
    [InlineData("\"7\"", "98052", 412)]
    [InlineData("W/\"x\"", "98052", 412)]
    [InlineData("\"1\"", "9805", 400)]
    [InlineData("1", "98052", 200)]
    public async Task ChangeBilling_TagAndBody_AreChecked(string? tag, string postalCode, int status)
    {
        var server = await servers.GetAsync("sqlite");
        var id = await CustomerBodies.AddAsync(server, "Plover Optics");
        (string, string)[] headers = tag is null ? [] : [("If-Match", tag)];

        var billing = CustomerBodies.Billing("Plover", postalCode: postalCode);
        var answer = await server.SendAsync("PUT", $"/v1/customers/{id}/profiles/billing", billing, headers: headers);
        var company = await server.SendAsync("GET", $"/v1/customers/{id}/profiles/company");

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? "\"2\"" : "\"1\"", company.Headers["ETag"]);
    }

    [Fact]
    public async Task Profiles_WrongCaller_IsRefused()
    {
        var server = await servers.GetAsync("sqlite");
        var path = $"/v1/customers/{TestServer.Customer("never")}/profiles";

        var company = await server.SendAsync("GET", $"{path}/company", who: "app");
        var change = await server.SendAsync("PUT", $"{path}/billing", CustomerBodies.Billing("X Ltd"), who: "helpdesk", headers: ("If-Match", "*"));
        var foreign = await server.SendAsync("PUT", $"{path}/billing", CustomerBodies.Billing("X Ltd"), "harbor", headers: ("If-Match", "*"));

        Assert.Equal((403, 900329), (company.Status, company.Code));
        Assert.Equal((403, 900150), (change.Status, change.Code));
        Assert.Equal((404, 60003), (foreign.Status, foreign.Code));
    }

    private static async Task<List<SubjectId>> SubjectsAsync(TestServer server, CustomerId customer) =>
        [.. (await server.Parts.Database.ReadEverythingAsync(tx => SubjectRows.OfCustomerAsync(tx, TestServer.Partner("aozora").Id, customer))).Select(row => row.Id)];
}
