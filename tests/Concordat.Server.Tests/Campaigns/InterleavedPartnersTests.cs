using Concordat.Core;
using Concordat.Server.Storage;
using Npgsql;

namespace Concordat.Server.Tests.Campaigns;

/// <summary>Many partners over few connections, with requests that break off: no connection remembers whose it was.</summary>
public sealed class InterleavedPartnersTests
{
    private const int Connections = 4;
    private static readonly PartnerId[] Partners = [.. Enumerable.Range(0, 50).Select(_ => new PartnerId(Guid.NewGuid()))];

    [Fact]
    public async Task Reads_OfManyPartnersOverFewConnections_SeeNoForeignRow()
    {
        var random = Campaign.NewRandom();
        await using var place = await TestDatabase.OpenAsync("postgres");
        await FillAsync(place.Database);
        await using var few = new PostgresDatabase(place.Postgres + $";Maximum Pool Size={Connections}");
        await few.PrepareAsync(CancellationToken.None);
        // One writer and the readers share the pool.
        var each = Campaign.Count(20_000, 1_000_000) / (Connections * 2);
        var seen = await Task.WhenAll(Enumerable.Range(0, Connections * 2).Select(_ => new Random(random.Next()))
            .Select(mine => Task.Run(() => ReadAsync(few, mine, each))).Append(Task.Run(() => WriteAsync(few, new Random(random.Next()), each / 4))));

        Assert.Equal(0, seen.Sum(count => count.Foreign));
        // Each request must have had a chance to show a foreign row, and many must have broken off.
        Assert.True(seen.Sum(count => count.Own) > each);
        Assert.True(seen.Sum(count => count.Aborted) > each / 10);
    }

    private static async Task<(long Own, long Foreign, long Aborted)> ReadAsync(Database database, Random random, int times)
    {
        var (own, foreign, aborted) = (0L, 0L, 0L);
        for (var i = 0; i < times; i++)
        {
            var partner = random.Next(20) == 0 ? (PartnerId?)null : Partners[random.Next(Partners.Length)];
            try
            {
                await database.ReadAsync(partner is { } one ? PartnerScope.Of(one) : PartnerScope.None, async tx =>
                {
                    var owners = await OwnersAsync(tx);
                    own += owners.Count(id => id == partner?.Value);
                    foreign += owners.Count(id => id != partner?.Value);
                    await BreakOffAsync(tx, random);
                    foreign += (await OwnersAsync(tx)).Count(id => id != partner?.Value);
                    return true;
                });
            }
            catch (Exception error) when (error is NpgsqlException or OperationCanceledException)
            {
                aborted++;
            }
        }

        return (own, foreign, aborted);
    }

    /// <summary>Batches of two partners, half of them rolled back; each half of a batch has its own partner.</summary>
    private static async Task<(long Own, long Foreign, long Aborted)> WriteAsync(Database database, Random random, int times)
    {
        var (own, foreign, aborted) = (0L, 0L, 0L);
        for (var i = 0; i < times; i++)
        {
            var two = new[] { Partners[random.Next(Partners.Length)], Partners[random.Next(Partners.Length)] };
            var tx = await database.BeginAsync([random.Next()], PartnerScope.Of(two));
            try
            {
                foreach (var partner in two)
                {
                    tx.Scope = PartnerScope.Of(partner);
                    var owners = await OwnersAsync(tx);
                    own += owners.Count(id => id == partner.Value);
                    foreign += owners.Count(id => id != partner.Value);
                    await BreakOffAsync(tx, random);
                }

                await database.CommitAsync(tx);
            }
            catch (Exception error) when (error is NpgsqlException or OperationCanceledException)
            {
                aborted++;
                await database.RollbackAsync(tx);
            }
        }

        return (own, foreign, aborted);
    }

    private static ValueTask<List<Guid>> OwnersAsync(Tx tx) => tx.ManyAsync("SELECT partner_id FROM people", row => row.Id(0));

    private static async ValueTask BreakOffAsync(Tx tx, Random random)
    {
        switch (random.Next(200))
        {
            case < 15:
                await tx.ExecuteAsync("SELECT 1 / (length('') - 0)");
                break;
            case < 30:
                throw new OperationCanceledException();
            case 30:
                await tx.ExecuteAsync("SELECT set_config('role', 'none', true), pg_terminate_backend(pg_backend_pid())");
                break;
        }
    }

    private static async Task FillAsync(Database database)
    {
        var tx = await database.BeginAsync([], PartnerScope.Of(Partners));
        foreach (var partner in Partners)
        {
            await PartnerRows.SaveAsync(tx, new PersonRow(partner, Guid.NewGuid(), 0, true));
            await PartnerRows.SaveAsync(tx, new PersonRow(partner, Guid.NewGuid(), 0, true));
        }

        await database.CommitAsync(tx);
    }
}
