using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Operations;

namespace Concordat.Server.Tests.Operations;

public class StandingCacheTests
{
    private static readonly PartnerId Partner = new(new Guid("6a1b2c3d-0000-4000-8000-000000000001"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Operations_AtRandom_AgreeWithADictionary(int seed)
    {
        var random = new Random(seed);
        var cache = new StandingCache();
        var model = new Dictionary<(PartnerId, CustomerId), KnownStanding?>();
        var partners = Enumerable.Range(1, 3).Select(i => new PartnerId(new Guid(i, 0, 0, new byte[8]))).ToArray();
        for (var i = 0; i < 50_000; i++)
        {
            var (partner, customer) = (partners[random.Next(3)], Customer(random.Next(2_000)));
            var known = new KnownStanding(new Standing(random.NextInt64(), 2, 1, (StandingFlags)random.Next(64)), random.Next(2) == 0);
            switch (random.Next(5))
            {
                case 0:
                    cache.Set(partner, customer, known.Standing, known.Active);
                    model[(partner, customer)] = known;
                    break;
                case 1:
                    cache.Load(partner, customer, known.Standing, known.Active);
                    model.TryAdd((partner, customer), known);
                    break;
                case 2:
                    cache.Remove(partner, customer);
                    model[(partner, customer)] = null;
                    break;
                case 3:
                    cache.Ask(partner, customer);
                    Assert.True(cache.TryAnswer(partner, customer, known));
                    model[(partner, customer)] = known;
                    break;
                default:
                    var expected = model.GetValueOrDefault((partner, customer));
                    Assert.Equal(expected is not null, cache.TryGet(partner, customer, out var found));
                    Assert.Equal(expected ?? found, found);
                    break;
            }
        }

        Assert.Equal(model.Count, cache.Count);
    }

    [Fact]
    public void TryAnswer_ACommitWasFaster_IsRefused()
    {
        var cache = new StandingCache();
        var customer = Customer(1);
        var newer = Standing.None with { AttestedUnixMs = 5 };

        cache.Ask(Partner, customer);
        cache.Set(Partner, customer, newer);

        Assert.False(cache.TryAnswer(Partner, customer, new KnownStanding(Standing.None, true)));
        Assert.True(cache.TryGet(Partner, customer, out var known));
        Assert.Equal(newer, known.Standing);
    }

    [Fact]
    public void Bytes_AMillionCustomers_AreAtMost48Each()
    {
        var cache = new StandingCache();
        for (var i = 0; i < 1_000_000; i++)
        {
            cache.Load(Partner, Customer(i), Standing.None, active: true);
        }

        Assert.Equal(1_000_000, cache.Count);
        Assert.InRange(cache.Bytes / 1_000_000.0, 32, 48);
        Assert.True(cache.TryGet(Partner, Customer(999_999), out _));
    }

    [Fact]
    public async Task TryGet_WhileOthersLoad_NeverSeesATornStanding()
    {
        var cache = new StandingCache();
        var loading = Task.Run(() =>
        {
            for (var i = 0; i < 200_000; i++)
            {
                cache.Load(Partner, Customer(i), new Standing(i, (byte)(i % 250), 0, StandingFlags.None), active: true);
            }
        }, TestContext.Current.CancellationToken);

        var seen = 0;
        for (var i = 0; !loading.IsCompleted; i = (i + 7) % 200_000)
        {
            if (cache.TryGet(Partner, Customer(i), out var known))
            {
                Assert.Equal((i, (byte)(i % 250)), (known.Standing.AttestedUnixMs, known.Standing.AttestedVersion));
                seen++;
            }
        }

        await loading;
        Assert.True(seen > 0);
        Assert.All(Enumerable.Range(0, 200_000), i => Assert.True(cache.TryGet(Partner, Customer(i), out _)));
    }

    private static CustomerId Customer(int i) => new(new Guid(i, 7, 0x4000, new byte[8]));
}
