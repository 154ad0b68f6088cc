using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Sandbox;

/// <summary>What <c>./run</c> prints: where to go, who can sign in, and a walk that works when pasted.</summary>
internal static class Welcome
{
    public static string Text(SandboxFile file, string baseUrl, string dataDirectory)
    {
        var partner = SeedPlan.Partners[0];
        var customer = SeedPlan.Customers.First(one => one.Scenario == "never");
        return $$$"""

            Concordat sandbox at {{{baseUrl}}}
            Addresses, ids and tokens for tests: {{{Path.GetFullPath(Path.Combine(dataDirectory, "sandbox.json"))}}}

            People (password "sandbox"):
            {{{string.Join("\n", SeedPlan.Directory.Tenants.SelectMany(tenant => tenant.People).Select(person => $"  {person.UserName,-40} {person.Roles}"))}}}

            Refuse, confirm, order ({{{customer.Name}}}, a customer of {{{partner.Name}}}):

            TOKEN={{{file.TokenOf(partner, "admin", Roles.AdminAgent)}}}
            CUSTOMER={{{baseUrl}}}/v1/customers/{{{customer.Id}}}
            ORDER='{"billingCycle":"annual","lineItems":[{"lineItemNumber":0,"offerId":"CFQ7TTC0LH18:0001:CFQ7TTC0K971","quantity":5,"termDuration":"P1Y"}]}'
            curl -s -w '\n%{http_code}\n' -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d "$ORDER" $CUSTOMER/orders
            curl -s -w '\n%{http_code}\n' -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"templateId":"117a77b0-9360-443b-8795-c6dedc750cf9","dateAgreed":"'$(date -u +%FT%TZ)'","primaryContact":{"firstName":"Hanako","lastName":"Sato","email":"hanako.sato@customer.example"}}' $CUSTOMER/agreements
            curl -s -w '\n%{http_code}\n' -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d "$ORDER" $CUSTOMER/orders

            """;
    }
}
