using System.Globalization;
using Concordat.Server.Hosting;
using Concordat.Server.Sandbox;
using Concordat.Server.Storage;
using Concordat.Server.Tests.Campaigns;
using Concordat.Server.Tests.Operations;
using Microsoft.Extensions.Logging.Abstractions;

namespace Concordat.Server.Tests.Background.Mails;

/// <summary>The program is killed while it sends mails.</summary>
[Collection(TestMailServer.Collection)]
public sealed class MailKillTests
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Kill_WhileMailsAreSent_NoneIsMissingAndAKillDoublesOneAtMost(string engine)
    {
        var random = Campaign.NewRandom();
        var (kills, mails) = (Campaign.Count(4, 40), Campaign.Count(1_500, 15_000));
        await using var mail = await TestMailServer.StartAsync();
        await using var place = TestDatabase.NotPrepared(engine);
        await PrepareAsync(place, mails);
        await using var server = new ChildServer(place.Options with { Smtp = mail.Settings });
        var hit = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            var before = mail.Mails.Count;
            await server.StartAsync();
            await Until.TrueAsync(() => mail.Mails.Count > before || before == mails);
            await Task.Delay(random.Next(10, 200), TestContext.Current.CancellationToken);
            await server.KillAsync();
            hit += mail.Mails.Count < mails ? 1 : 0;
            await EndLeasesAsync(place);
        }

        await server.StartAsync();
        while (await DueAsync(place) > 0)
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, await server.StopAsync());
        var copies = mail.Mails.GroupBy(one => one.MessageId).Select(group => group.Count()).ToList();
        var doubled = copies.Sum() - copies.Count;
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{engine}: {hit} of {kills} kills in the middle, {copies.Count} mails, {doubled} doubled"));
        Assert.Equal(mails, copies.Count);
        Assert.InRange(doubled, 0, kills);
        // The campaign says nothing unless kills really hit mails under way.
        Assert.InRange(hit, 1, kills);
    }

    private static async Task PrepareAsync(TestDatabase place, int mails)
    {
        await using var parts = await Parts.OpenAsync(place.Options, NullLoggerFactory.Instance, CancellationToken.None);
        await new Seed(parts.Context, parts.Directory).RunAsync();
        // Mails like a seeded notice, which the seed has taken back.
        var like = (await parts.Database.ReadEverythingAsync(tx => tx.ManyAsync(
            $"SELECT {OutboxRows.Columns} FROM outbox WHERE kind = 'notice'", OutboxRows.Map)))[0];
        var queue = new CraftedOperation(async tx =>
        {
            for (var i = 0; i < mails; i++)
            {
                await OutboxRows.AddAsync(tx, like with { Id = parts.Context.Ids.NewId() });
            }

            return "queued";
        })
        { Alone = true };
        Assert.Equal("queued", (await parts.Context.Loop.RunAsync(queue)).Value);
    }

    /// <summary>On PostgreSQL another node waits until a dead one's claims end by themselves; here nobody wants to wait for that.</summary>
    private static async Task EndLeasesAsync(TestDatabase place)
    {
        if (place.Postgres is not null)
        {
            await using var database = place.Another();
            await database.PrepareAsync(TestContext.Current.CancellationToken);
            var tx = await database.BeginAsync([], PartnerScope.Everything);
            await MailQueueRows.ReleaseAllAsync(tx);
            await tx.FlushAsync();
            await database.CommitAsync(tx);
        }
    }

    private static async Task<long> DueAsync(TestDatabase place)
    {
        if (place.Postgres is null)
        {
            // Read beside the process that owns the file: by a plain connection, as the lock is the process's.
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(place.Directory, "concordat.db")};Mode=ReadWrite;Pooling=false");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM outbox WHERE state = 'due'";
            return (long)command.ExecuteScalar()!;
        }

        await using var database = place.Another();
        await database.PrepareAsync(TestContext.Current.CancellationToken);
        return (await database.ReadEverythingAsync(tx => tx.ManyAsync("SELECT count(*) FROM outbox WHERE state = 'due'", row => row.Long(0))))[0];
    }
}
