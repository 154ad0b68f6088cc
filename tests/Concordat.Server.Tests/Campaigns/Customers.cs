using System.Globalization;
using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Sandbox;

namespace Concordat.Server.Tests.Campaigns;

/// <summary>Further customers of the first direct-bill partner, with nothing on record.</summary>
internal static class Customers
{
    private static int counter;

    public static async Task<CustomerId[]> AddAsync(Parts parts, int count)
    {
        var adding = Enumerable.Range(0, count).Select(_ => parts.Context.Loop.RunAsync(new AddCustomer(parts.Context, Admin(parts), null, NextCustomer())));
        var added = await Task.WhenAll(adding);
        return [.. added.Select(outcome => outcome.Value.Id)];
    }

    /// <summary>The partner's admin agent, for operations that do not come over HTTP.</summary>
    public static Actor Admin(Parts parts)
    {
        var partner = TestServer.Partner("aozora");
        return new Actor(
            parts.Directory.Find(partner.Id)!, SeedPlan.PersonOf(partner, "admin", Roles.AdminAgent).Oid, SeedPlan.AppOf(partner).AppId, null, "campaign");
    }

    private static NewCustomer NextCustomer()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"campaign-{Interlocked.Increment(ref counter)}");
        return new NewCustomer(null, $"{name}.onmicrosoft.example", name, null, "reseller", null);
    }
}
