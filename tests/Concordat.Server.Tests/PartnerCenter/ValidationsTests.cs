namespace Concordat.Server.Tests.PartnerCenter;

public class ValidationsTests(Servers servers)
{
    [Theory]
    [InlineData("sqlite", "hinode.onmicrosoft.example", 200)]
    [InlineData("postgres", "HINODE.onmicrosoft.example", 200)]
    [InlineData("sqlite", "nobody.onmicrosoft.com", 404)]
    [InlineData("postgres", "nobody.onmicrosoft.com", 404)]
    [InlineData("sqlite", "no_domain", 400)]
    public async Task Domain_TakenFreeOrMalformed_AnswersWithoutBody(string engine, string domain, int status)
    {
        var server = await servers.GetAsync(engine);
        var answer = await server.SendAsync("HEAD", $"/v1/domains/{domain}", who: "app");
        Assert.Equal((status, ""), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("""{"AddressLine1":"1 Way","City":"Redmond","State":"WA","PostalCode":"98052","Country":"us"}""", "VerifiedShippable", null)]
    [InlineData("""{"addressLine1":"1 Way","city":"Redmond","state":"WA","postalCode":"9","country":"US"}""", "None", "address.postalCode")]
    [InlineData("""{}""", "None", "address.country")]
    public async Task Address_RulesOfItsCountry_DecideTheStatus(string body, string status, string? field)
    {
        var server = await servers.GetAsync("sqlite");
        var answer = await server.SendAsync("POST", "/v1/validations/address", body);
        Assert.Equal((200, status), (answer.Status, answer.Json["status"]!.GetValue<string>()));
        Assert.Equal(field is null ? 1 : 0, answer.Json["suggestedAddresses"]!.AsArray().Count);
        Assert.Equal(field is not null, answer.Json["validationMessage"]?.GetValue<string>().Contains(field!, StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    public async Task Address_NoJsonObject_IsRefused(string body)
    {
        var server = await servers.GetAsync("sqlite");
        var refused = await server.SendAsync("POST", "/v1/validations/address", body);
        Assert.Equal((400, 800002), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task CountryRules_KnownCountry_HaveBothSetsOfNames()
    {
        var server = await servers.GetAsync("sqlite");
        var japan = (await server.SendAsync("GET", "/v1/countryvalidationrules/jp")).Json;
        var us = (await server.SendAsync("GET", "/v1/countryvalidationrules/US")).Json;
        var emirates = (await server.SendAsync("GET", "/v1/countryvalidationrules/AE")).Json;

        Assert.Equal(("JP", "ja-JP"), (japan["iso2Code"]!.GetValue<string>(), japan["defaultCulture"]!.GetValue<string>()));
        Assert.Equal(japan["countryCallingCodesList"]!.ToJsonString(), japan["countryCallingCodes"]!.ToJsonString());
        Assert.False(japan["isTaxIdSupported"]!.GetValue<bool>());
        Assert.True(us["isStateRequired"]!.GetValue<bool>());
        Assert.Contains("WA", us["supportedStatesList"]!.AsArray().Select(state => state!.GetValue<string>()));
        Assert.True(emirates["isRegistrationNumberSupported"]!.GetValue<bool>());
        Assert.False(emirates["isTaxIdOptional"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("/v1/countryvalidationrules/KP", 404, 1000)]
    [InlineData("/v1/countryvalidationrules/JPN", 400, 800002)]
    public async Task CountryRules_NoSuchCountry_IsRefused(string path, int status, int code)
    {
        var server = await servers.GetAsync("sqlite");
        var refused = await server.SendAsync("GET", path);
        Assert.Equal((status, code), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task ValidationStatus_OwnCustomer_IsAllowed()
    {
        var server = await servers.GetAsync("sqlite");
        var path = $"/v1/customers/{TestServer.Customer("never")}/validationStatus";

        var account = await server.SendAsync("GET", $"{path}?type=Account");
        var other = await server.SendAsync("GET", $"{path}?type=education");

        Assert.Equal((200, "allowed"), (account.Status, account.Json["status"]!.GetValue<string>()));
        Assert.Equal((400, 2000), (other.Status, other.Code));
    }
}
