using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>A customer of the caller's; <c>Billing</c> is null when it has no profile.</summary>
internal sealed record FoundCustomer(CustomerRow Row, BillingProfile? Billing);

/// <summary>Customers: list, get, add, and remove in the integration sandbox.</summary>
internal static class Customers
{
    public static void Map(WireRoutes routes)
    {
        routes.Get("customers", Access.Read, ListAsync, new("Lists the partner's customers, in pages and by filter.", Response: typeof(WireCollection<WireCustomer>)));
        routes.Post("customers", Access.Transact, AddAsync, new("Adds a customer.", 201, Request: typeof(WireNewCustomer), Response: typeof(WireCustomer)));
        routes.Get("customers/{customer}", Access.Read, GetAsync, new("Shows a customer.", Response: typeof(WireCustomer)));
        routes.Delete("customers/{customer}", Access.Transact, RemoveAsync,
            new("Removes a customer; in the sandbox environment only.", 204));
    }

    /// <summary>The customer in the path with its billing profile, or the refusal that any caller about it gets.</summary>
    public static async Task<Outcome<FoundCustomer>> FindAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem))
        {
            return problem;
        }

        var found = await call.ReadAsync(tx => CustomerRows.FindWithBillingAsync(tx, call.Partner.Id, customer));
        return Relationship.Check(found?.Customer) is { } absent
            ? absent
            : new FoundCustomer(found!.Customer, CustomerAccounts.OpenBilling(call.Parts.Context.Vault, call.Partner.Id, found.Billing));
    }

    private static async Task ListAsync(Call call)
    {
        if (!CustomerQuery.Of(call).TryGetValue(out var query, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var rows = await call.ReadAsync(tx =>
            CustomerPages.ReadAsync(tx, call.Partner.Id, query.Range, query.From, query.Backwards, query.Size + 1));
        await call.RespondAsync(200, query.ToPage(call, rows), CustomerJson.Default.WireCollectionWireCustomer);
    }

    private static async Task GetAsync(Call call)
    {
        var found = await FindAsync(call);
        await (found.TryGetValue(out var customer, out var problem)
            ? call.RespondAsync(200, WireCustomers.ToWire(customer.Row, customer.Billing), CustomerJson.Default.WireCustomer)
            : call.RefuseAsync(problem));
    }

    private static async Task AddAsync(Call call)
    {
        if (!call.Read(CustomerJson.Default.WireNewCustomer).TryGetValue(out var body, out var problem)
            || !CustomerFields.ToNewCustomer(call, body).TryGetValue(out var customer, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var outcome = await call.Parts.Context.Loop.RunAsync(new AddCustomer(call.Parts.Context, call.Actor, call.Key, customer));
        if (!outcome.TryGetValue(out var row, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        // Repeated after a change, the request still gets its first answer: names and version come from the request.
        var added = row with { CompanyName = customer.Billing!.CompanyName, Etag = 1 };
        await call.RespondAsync(201, WireCustomers.ToWire(added, customer.Billing) with
        {
            // As documented: a customer of the partner's own is answered as "none" here, and listed as "reseller" ever after.
            RelationshipToPartner = customer.Reseller is null ? "none" : row.Relationship,
            UserCredentials = new WireCredentials("admin", call.Parts.FirstPasswords.Of(row.Id)),
        }, CustomerJson.Default.WireCustomer);
    }

    private static async Task RemoveAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var outcome = await call.Parts.Context.Loop.RunAsync(new RemoveCustomer(call.Parts.Context, call.Actor, customer, call.Key));
        await (outcome.Problem is { } refused ? call.RefuseAsync(refused) : call.RespondAsync(204));
    }
}
