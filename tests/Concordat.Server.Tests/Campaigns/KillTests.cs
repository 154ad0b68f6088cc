using System.Globalization;
using Concordat.Core;

namespace Concordat.Server.Tests.Campaigns;

/// <summary>The program is killed at random instants while it works, started again, and asked what it remembers.</summary>
public sealed class KillTests
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Kill_AtRandomInstantsUnderLoad_NothingAcknowledgedIsLostAndNothingHappensTwice(string engine)
    {
        var random = Campaign.NewRandom();
        await using var place = TestDatabase.NotPrepared(engine);
        var customers = await PrepareAsync(place);
        await using var server = new ChildServer(place.Options);
        using var load = new Load(server.BaseUrl, customers);
        var kills = Campaign.Count(50, 50);
        var unknown = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            await server.StartAsync();
            load.Token = server.Token;
            await load.ResolveAsync();
            var dead = KillAsync(server, random.Next(50, 900));
            await load.RunAsync(until: dead);
            await dead;
            unknown += load.All.Count(sent => sent.Status is null);
        }

        await server.StartAsync();
        await load.ResolveAsync();
        Assert.Equal(0, await server.StopAsync());
        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{kills} kills, {load.All.Count} requests, {unknown} with an unknown outcome"));
        // The campaign says nothing unless kills really hit work under way.
        Assert.InRange(unknown, kills, load.All.Count / 2);
        await Outcomes.CheckAsync(place, load, customers);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Terminate_UnderLoad_AnswersEverythingAcceptedAndExitsWithZero(string engine)
    {
        await using var place = TestDatabase.NotPrepared(engine);
        var customers = await PrepareAsync(place);
        await using var server = new ChildServer(place.Options);
        await server.StartAsync();
        using var load = new Load(server.BaseUrl, customers) { Token = server.Token };
        var stopped = StopAsync(server);
        await load.RunAsync(until: stopped);

        Assert.Equal(0, await stopped);
        // What was not answered must not have happened: the rows hold the acknowledged effects and no others.
        Assert.Contains(load.All, sent => sent.Status == 201);
        await Outcomes.CheckAsync(place, load, customers);
    }

    private static async Task<CustomerId[]> PrepareAsync(TestDatabase place)
    {
        await using var parts = await Outcomes.OpenAsync(place);
        await new Server.Sandbox.Seed(parts.Context, parts.Directory).RunAsync();
        return await Customers.AddAsync(parts, 2000);
    }

    private static async Task KillAsync(ChildServer server, int afterMs)
    {
        await Task.Delay(afterMs);
        await server.KillAsync();
    }

    private static async Task<int> StopAsync(ChildServer server)
    {
        await Task.Delay(1500);
        return await server.StopAsync();
    }
}
