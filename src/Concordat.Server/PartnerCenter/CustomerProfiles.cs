using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>A customer's billing and company profile. One version counts for both: they are parts of one account.</summary>
internal static class CustomerProfiles
{
    public static void Map(WireRoutes routes)
    {
        routes.Get("customers/{customer}/profiles/billing", Access.Read, BillingAsync,
            new("Shows a customer's billing profile.", Response: typeof(WireBillingProfile)));
        routes.Put("customers/{customer}/profiles/billing", Access.Transact, ChangeBillingAsync,
            new("Replaces a customer's billing profile; needs its version in If-Match.", Request: typeof(WireBillingProfile), Response: typeof(WireBillingProfile)));
        routes.Get("customers/{customer}/profiles/company", Access.ReadCustomersAsUser, CompanyAsync,
            new("Shows a customer's company profile.", Response: typeof(WireCompanyProfile)));
    }

    private static async Task BillingAsync(Call call)
    {
        var found = await Customers.FindAsync(call);
        await (found.TryGetValue(out var customer, out var problem)
            ? RespondAsync(call, WireCustomers.ToBilling(customer.Row, customer.Billing))
            : call.RefuseAsync(problem));
    }

    private static async Task ChangeBillingAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !EntityTag.IfMatch(call).TryGetValue(out var expected, out problem)
            || !call.Read(CustomerJson.Default.WireBillingProfile).TryGetValue(out var body, out problem)
            || !CustomerFields.ToBilling(body, call.Partner, "").TryGetValue(out var profile, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var context = call.Parts.Context;
        var outcome = await context.Loop.RunAsync(new ChangeBillingProfile(context, call.Actor, customer, call.Key, profile, expected));
        if (!outcome.TryGetValue(out var version, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var row = (await call.ReadAsync(tx => CustomerRows.FindEvenRemovedAsync(tx, call.Partner.Id, customer)))!;
        await RespondAsync(call, WireCustomers.ToBilling(row with { CompanyName = profile.CompanyName, Etag = version }, profile));
    }

    private static async Task CompanyAsync(Call call)
    {
        if (!(await Customers.FindAsync(call)).TryGetValue(out var found, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (row, billing) = found;
        var tag = EntityTag.Of(row.Etag);
        call.Http.Response.Headers.ETag = tag;
        await call.RespondAsync(200, WireCustomers.ToCompany(row) with
        {
            OrganizationRegistrationNumber = billing?.RegistrationNumber,
            Address = billing?.DefaultAddress,
            Email = billing?.Email,
            Attributes = new WireAttributes("CustomerCompanyProfile", tag),
        }, CustomerJson.Default.WireCompanyProfile);
    }

    private static Task RespondAsync(Call call, WireBillingProfile profile)
    {
        call.Http.Response.Headers.ETag = profile.Attributes!.Etag;
        return call.RespondAsync(200, profile, CustomerJson.Default.WireBillingProfile);
    }
}
