using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Computes a stored standing anew from everything on record.</summary>
internal static class Standings
{
    /// <summary>Reads the facts written so far in this transaction, folds them and stores the result.</summary>
    public static async ValueTask RefoldAsync(Tx tx, OperationContext context, Partner partner, CustomerId customer)
    {
        var (row, facts, folded) = await FoldAsync(tx, partner.Id, customer, partner.Switches.CutOffCompares);
        // What an order cites has to count still.
        var inForce = StandingFold.InForce(facts.Select(fact => fact.Fact)).Select(fact => fact.Id).ToHashSet();
        var best = facts.LastOrDefault(fact => fact.Fact.IsAcceptance && inForce.Contains(fact.Fact.Id));
        await StandingRows.SaveAsync(tx, partner.Id, customer, folded, facts.Count, best?.Entry);
        context.Standings.Follow(tx, partner.Id, customer, folded, row.Active);
    }

    /// <summary>What the facts of a (partner, customer) fold to, without storing it.</summary>
    public static async ValueTask<(StandingRow Row, List<FactRow> Facts, Standing Folded)> FoldAsync(
        Tx tx, PartnerId partner, CustomerId customer, CutOffDate compares)
    {
        var row = (await StandingRows.FindAsync(tx, partner, customer))!;
        var facts = await FactRows.OfAsync(tx, partner, customer);
        var direct = await FactRows.DirectAsync(tx, customer);
        var folded = StandingFold.Of([.. facts.Select(fact => fact.Fact), .. direct], row.Standing.Has(StandingFlags.NationalCloud), compares);
        return (row, facts, folded);
    }
}
