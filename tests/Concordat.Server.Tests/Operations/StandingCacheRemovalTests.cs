using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Operations;

namespace Concordat.Server.Tests.Operations;

public class StandingCacheRemovalTests
{
    private static readonly PartnerId Partner = new(new Guid("0f3c1b52-8f7e-4c1c-9a53-1f0f2b0c9d11"));

    [Fact]
    public void Remove_KnownCustomer_IsUnknownAlsoAfterALoadAndGrowth()
    {
        var cache = new StandingCache();
        var customers = Enumerable.Range(0, 20_000).Select(_ => new CustomerId(Guid.NewGuid())).ToArray();
        foreach (var customer in customers[..10_000]) cache.Set(Partner, customer, Standing.None);

        cache.Remove(Partner, customers[0]);
        cache.Load(Partner, customers[0], Standing.None, active: true);
        foreach (var customer in customers[10_000..]) cache.Set(Partner, customer, Standing.None, active: false);

        Assert.False(cache.TryGet(Partner, customers[0], out _));
        Assert.All(customers[1..], customer => Assert.True(cache.TryGet(Partner, customer, out _)));
        Assert.True(cache.TryGet(Partner, customers[^1], out var last) && !last.Active);
    }

    [Fact]
    public void Set_RemovedCustomer_IsKnownAgain()
    {
        var cache = new StandingCache();
        var customer = new CustomerId(Guid.NewGuid());
        cache.Remove(Partner, customer);
        cache.Set(Partner, customer, Standing.None);
        Assert.True(cache.TryGet(Partner, customer, out var known));
        Assert.Equal(new KnownStanding(Standing.None, Active: true), known);
    }
}
