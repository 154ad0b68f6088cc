using System.Globalization;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;

namespace Concordat.Server.Sandbox;

/// <summary>What <c>./run</c> prints: where to go, who can sign in, and a walk that works when pasted.</summary>
internal static class Welcome
{
    public static string Text(SandboxFile file, string baseUrl, ServerOptions options, OperationContext context)
    {
        var partner = SeedPlan.Partners[0];
        var customer = SeedPlan.Customers.First(one => one.Scenario == "never");
        // By the policy clock, which may stand elsewhere than the machine's.
        var today = context.PolicyNow(PartnerEnvironment.Production).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $$$"""

            Concordat sandbox at {{{baseUrl}}}
            Example storefront:  {{{options.StorefrontUrl ?? "none"}}}
            Ids and ready tokens for tests: {{{Path.GetFullPath(Path.Combine(options.DataDirectory, "sandbox.json"))}}}
            People, password "sandbox":
            {{{string.Join("\n", SeedPlan.Partners.Select(PeopleOf))}}}

            Refuse (403), confirm (201), order (201), for {{{customer.Name}}}; once, or again after a reset:

            TOKEN={{{file.TokenOf(partner, "admin", Roles.AdminAgent)}}}
            CUSTOMER={{{baseUrl}}}/v1/customers/{{{customer.Id}}}
            ORDER='{"billingCycle":"annual","lineItems":[{"lineItemNumber":0,"offerId":"CFQ7TTC0LH18:0001:CFQ7TTC0K971","quantity":5,"termDuration":"P1Y"}]}'
            CONSENT='{"templateId":"117a77b0-9360-443b-8795-c6dedc750cf9","dateAgreed":"{{{today}}}","primaryContact":{"firstName":"Hanako","lastName":"Sato","email":"hanako.sato@customer.example"}}'
            call() { curl -s -w '\n%{http_code}\n' -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' "$@"; }
            call -d "$ORDER" $CUSTOMER/orders
            call -d "$CONSENT" $CUSTOMER/agreements
            call -d "$ORDER" $CUSTOMER/orders

            Move the clock:  curl -d '{"set":"2025-10-07T00:00:00Z"}' {{{baseUrl}}}/sandbox/clock
            Start over:      curl -X POST {{{baseUrl}}}/sandbox/reset
            """;
    }

    private static string PeopleOf(SeedPartner partner)
    {
        var names = SeedPlan.Directory.Find(partner.Domain)!.People.Select(person => person.UserName.Split('@')[0]);
        return $"  {string.Join(", ", names)} @{partner.Domain}  ({partner.Name}, {partner.Kind})";
    }
}
