namespace Concordat.Server.Tests.PartnerCenter;

/// <summary>Bodies of customers as a storefront sends them, in the PascalCase of the .NET SDK.</summary>
internal static class CustomerBodies
{
    private static int counter;

    /// <summary>A domain that no other test uses.</summary>
    public static string NewDomain() => $"t{Environment.ProcessId}x{Interlocked.Increment(ref counter)}.onmicrosoft.com";

    public static string Customer(string domain, string name = "Tamarack Joinery", string email = "billing@tamarack.example", string? reseller = null) =>
        $$"""
        {"Id":null,"CompanyProfile":{"Domain":"{{domain}}","CompanyName":null,"Attributes":{"ObjectType":"CustomerCompanyProfile"} },
         "BillingProfile":{{Billing(name, email)}},
         "AssociatedPartnerId":{{(reseller is null ? "null" : $"\"{reseller}\"")}},"EnableGDAPByDefault":false,"UserCredentials":null}
        """;

    public static string Billing(string name, string email = "billing@tamarack.example", string postalCode = "98052") =>
        $$"""
        {"Id":null,"FirstName":null,"LastName":null,"Email":"{{email}}","Culture":"EN-US","Language":"En","CompanyName":"{{name}}",
         "DefaultAddress":{"Country":"us","City":"Redmond","State":"WA","AddressLine1":"1 Joinery Way","PostalCode":"{{postalCode}}",
         "FirstName":"Ines","LastName":"Okafor","PhoneNumber":"4255550100"} }
        """;

    /// <summary>Adds a customer and answers its id.</summary>
    public static async Task<string> AddAsync(TestServer server, string name, string partner = "aozora", string? domain = null, string? reseller = null)
    {
        var added = await server.SendAsync("POST", "/v1/customers", Customer(domain ?? NewDomain(), name, reseller: reseller), partner);
        Assert.Equal(201, added.Status);
        return added.Json["id"]!.GetValue<string>();
    }
}
