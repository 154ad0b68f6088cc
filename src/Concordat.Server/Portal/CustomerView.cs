using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Portal;

/// <summary>
/// Which customers a signed-in person of a partner sees. A reseller's people see their provider's records, of the customers
/// that are theirs and no others.
/// </summary>
/// <param name="Owner">Whose records they are.</param>
/// <param name="Reseller">Only this reseller's customers; null for all of the owner's.</param>
internal sealed record CustomerView(Partner Owner, PartnerId? Reseller)
{
    public static CustomerView Of(SignedIn person, PartnerDirectory directory)
    {
        var partner = person.Partner!;
        // Without a provider a reseller has no records, and its own id finds none.
        return partner.Kind == PartnerKind.IndirectReseller
            ? new CustomerView(partner.Provider is { } id ? directory.Find(id) ?? partner : partner, partner.Id)
            : new CustomerView(partner, null);
    }

    /// <summary>The question about a standing that the whole portal asks: ordering by the API, now.</summary>
    public GateQuestion About(in Standing standing, OperationContext context) => new(
        standing, ActionClass.NewPurchase, Channel.Api, Owner.Environment, context.PolicyNow(Owner.Environment), Owner.Switches);

    /// <summary>The resellers to choose among; empty for those who see one reseller's customers, or have none.</summary>
    public IReadOnlyList<Partner> ResellersIn(PartnerDirectory directory) => Owner.Kind == PartnerKind.IndirectProvider && Reseller is null
        ? [.. directory.All.Where(partner => partner.Provider == Owner.Id).OrderBy(partner => partner.Name, StringComparer.Ordinal)]
        : [];

    /// <summary>The customer when the person may see it; null for every other id, so that nobody can tell which exist.</summary>
    public async ValueTask<CustomerRow?> FindAsync(Tx tx, CustomerId customer)
    {
        var row = await CustomerRows.FindAsync(tx, Owner.Id, customer);
        return row is { Active: true } && (Reseller is not { } reseller || (await CustomerRows.ResellersOfAsync(tx, Owner.Id, customer)).Contains(reseller))
            ? row : null;
    }
}
