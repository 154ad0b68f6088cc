using System.Runtime.CompilerServices;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Portal;

/// <summary>A customer of a list with what the gate makes of it.</summary>
internal sealed record ListedCustomer(CustomerRow Row, Standing Standing, Outlook Outlook);

/// <summary>A page of a list.</summary>
/// <param name="Customers">In order.</param>
/// <param name="Before">The page before ends before this one; null at the beginning.</param>
/// <param name="After">The next page begins behind this one; null at the end.</param>
/// <param name="Unfinished">The search stopped on its way and goes on with the next page.</param>
internal sealed record CustomerPage(IReadOnlyList<ListedCustomer> Customers, CustomerId? Before, CustomerId? After, bool Unfinished);

/// <summary>
/// Walks a filtered list of customers along its index, in batches. How a customer stands with the gate is in no index: that
/// filter looks at one customer after the other, at most <see cref="LookedAt"/> for a page.
/// </summary>
internal sealed class CustomerWalk(Parts parts, CustomerView view, CustomerFilter filter, int lookedAt = CustomerWalk.LookedAt)
{
    public const int PageSize = 50;

    /// <summary>How many customers are looked at for one page, so that a rare state takes several pages and no long wait.</summary>
    public const int LookedAt = 20_000;

    private const int Batch = 500;

    private PartnerId Owner => view.Owner.Id;

    /// <summary>The page behind or before a customer of the list; from the beginning without one.</summary>
    public async Task<CustomerPage> PageAsync(CustomerId? behind, CustomerId? before)
    {
        var backwards = before is not null;
        var start = await PlaceOfAsync(before ?? behind);
        var place = start;
        var found = new List<ListedCustomer>();
        ListedCustomer? last = null;
        var (looked, end) = (0, false);
        while (!end && found.Count <= PageSize && looked < lookedAt)
        {
            var batch = await ReadAsync(place, backwards, filter.State is null ? PageSize + 1 : Batch);
            found.AddRange(batch.Where(one => filter.Takes(one.Outlook)));
            looked += batch.Count;
            end = batch.Count < (filter.State is null ? PageSize + 1 : Batch);
            last = batch.Count > 0 ? batch[^1] : last;
            place = last is null ? place : SeekOf(last.Row);
        }

        var more = found.Count > PageSize;
        if (more)
        {
            found.RemoveRange(PageSize, found.Count - PageSize);
        }

        // Where the walk stopped: at the last one shown, or at the last one looked at.
        var stopped = more ? found[^1].Row.Id : end ? (CustomerId?)null : last?.Row.Id;
        var came = start is null ? (CustomerId?)null : found.Count > 0 ? found[0].Row.Id : before ?? behind;
        if (backwards)
        {
            found.Reverse();
        }

        return backwards
            ? new CustomerPage(found, stopped, found.Count > 0 ? found[^1].Row.Id : came, !end && !more)
            : new CustomerPage(found, came, stopped, !end && !more);
    }

    /// <summary>Every customer of the list, read in batches as they are asked for.</summary>
    public async IAsyncEnumerable<ListedCustomer> AllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        CustomerSeek? place = null;
        List<ListedCustomer> batch;
        do
        {
            cancel.ThrowIfCancellationRequested();
            batch = await ReadAsync(place, backwards: false, Batch);
            foreach (var one in batch.Where(one => filter.Takes(one.Outlook)))
            {
                yield return one;
            }

            place = batch.Count > 0 ? SeekOf(batch[^1].Row) : null;
        }
        while (batch.Count == Batch);
    }

    private ValueTask<List<ListedCustomer>> ReadAsync(CustomerSeek? place, bool backwards, int limit) => parts.Database.ReadAsync(Owner, async tx =>
    {
        var rows = filter is { By: SearchBy.Id, Search.Length: > 0 }
            ? place is null ? await ByIdAsync(tx) : []
            : await CustomerPages.ReadAsync(tx, Owner, filter.RangeFor(view), place, backwards, limit);
        var standings = await StandingsAsync(tx, rows);
        return rows.Zip(standings, (row, standing) => new ListedCustomer(
            row, standing, Outlook.Of(view.About(standing, parts.Context), parts.Context.Timeline))).ToList();
    });

    private async ValueTask<List<CustomerRow>> ByIdAsync(Tx tx) =>
        Guids.TryParse(filter.Search, out var id) && await view.FindAsync(tx, new CustomerId(id)) is { } row
            && (filter.Reseller is not { } reseller || (await CustomerRows.ResellersOfAsync(tx, Owner, row.Id)).Contains(reseller))
            ? [row] : [];

    /// <summary>From memory while that is complete, else in one round trip.</summary>
    private async ValueTask<List<Standing>> StandingsAsync(Tx tx, List<CustomerRow> rows)
    {
        var cache = parts.Context.Standings;
        var known = new List<Standing>(rows.Count);
        foreach (var row in rows)
        {
            if (cache.Complete && cache.TryGet(Owner, row.Id, out var standing))
            {
                known.Add(standing.Standing);
            }
        }

        if (known.Count == rows.Count)
        {
            return known;
        }

        var reads = rows.ConvertAll(row => StandingRows.PlanFind(Owner, row.Id));
        await tx.PrefetchAsync(reads);
        return reads.ConvertAll(read => read.Rows is [var row, ..] ? row.Standing : Standing.None);
    }

    private async ValueTask<CustomerSeek?> PlaceOfAsync(CustomerId? customer) => customer is { } id
        && await parts.Database.ReadAsync(Owner, tx => CustomerRows.FindEvenRemovedAsync(tx, Owner, id)) is { } row ? SeekOf(row) : null;

    private CustomerSeek SeekOf(CustomerRow row) =>
        new(filter.RangeFor(view).Order == CustomerOrder.Name ? CustomerRows.SearchName(row.CompanyName) : row.Domain, row.Id.Value);
}
