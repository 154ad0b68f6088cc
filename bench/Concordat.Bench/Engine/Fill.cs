using System.Globalization;
using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Bench.Engine;

/// <summary>
/// Fills a data directory or a PostgreSQL database before a measurement:
/// <c>fill --data DIR [--postgres CONNECTION] --customers N [--confirmed K] [--standings]</c>. Customers are written as rows;
/// the first K are confirmed by the product's own operation; with --standings every customer has a stored standing (and no
/// facts), which is what a start has to read.
/// </summary>
internal static class Fill
{
    private const int RowsPerCommit = 10_000;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        await using var parts = await Crowd.OpenAsync(arguments);
        var (customers, confirmed) = (arguments.Number("--customers", 1000), arguments.Number("--confirmed", 0));
        for (var first = 0L; first < customers; first += RowsPerCommit)
        {
            var tx = await parts.Database.BeginAsync([], PartnerScope.Everything);
            for (var number = first; number < Math.Min(first + RowsPerCommit, customers); number++)
            {
                await AddAsync(tx, parts, number, arguments.Has("--standings"));
            }

            await parts.Database.CommitAsync(tx);
        }

        var actor = Crowd.ActorOf(parts);
        for (var first = 0L; first < confirmed; first += CommitLoop.BatchSize)
        {
            var count = Math.Min(CommitLoop.BatchSize, confirmed - first);
            var batch = Enumerable.Range(0, (int)count).Select(i => Crowd.ConfirmAsync(parts, actor, first + i)).ToArray();
            foreach (var outcome in await Task.WhenAll(batch))
            {
                _ = outcome.Value;
            }
        }

        await SettleNoticesAsync(parts.Database);

        return 0;
    }

    /// <summary>They are of long ago: a server started on this has no thousands of mails to send beside what is measured.</summary>
    private static async Task SettleNoticesAsync(Database database)
    {
        var tx = await database.BeginAsync([], PartnerScope.Everything);
        await tx.ExecuteAsync("UPDATE outbox SET state = 'sent', ended_at_unix_ms = due_at_unix_ms WHERE state = 'due'");
        await database.CommitAsync(tx);
    }

    private static async ValueTask AddAsync(Tx tx, Parts parts, long number, bool standing)
    {
        var id = Crowd.IdOf(number);
        var created = Crowd.DateAgreed.AddYears(-1);
        var domain = string.Create(CultureInfo.InvariantCulture, $"c{number}.onmicrosoft.example");
        var name = string.Create(CultureInfo.InvariantCulture, $"Customer {number}");
        await CustomerRows.AddTenantAsync(tx, id, domain, name, "public", created);
        await CustomerRows.AddAccountAsync(tx, Crowd.Partner.Id, new CustomerRow(
            id, Active: true, name, domain, "reseller", null, null,
            parts.Context.Ids.NewId(), 1, created, "public", name));
        if (standing)
        {
            await StandingRows.SaveAsync(tx, Crowd.Partner.Id, id, Crowd.Attested, 1, new EntryId(parts.Context.Ids.NewId()));
        }
    }
}
