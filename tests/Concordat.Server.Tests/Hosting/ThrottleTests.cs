using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Sandbox;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.Hosting;

public class ThrottleTests
{
    private static readonly PartnerId Partner = new(SeedIds.Of("partner", "a"));
    private static readonly CustomerId Customer = new(SeedIds.Of("customer", "a"));
    private readonly SetClock clock = new();

    [Fact]
    public void Take_AtTheLimitOfAPartner_LimitMinusOneAndLimitPassOneMoreDoesNot()
    {
        var throttle = new Throttle(clock, new ThrottleLimits(PartnerPerMinute: 5));
        Assert.All(Enumerable.Range(0, 4), _ => Assert.Null(throttle.Take(Partner, null, "GET customers")));

        Assert.Null(throttle.Take(Partner, null, "GET customers"));
        var refused = throttle.Take(Partner, null, "GET customers")!;

        Assert.Equal(ProblemCode.TooManyRequests, refused.Code);
        Assert.Equal(TimeSpan.FromSeconds(60), refused.RetryAfter);
    }

    [Fact]
    public void Take_OtherPartnerCallOrCustomer_CountsApart()
    {
        var throttle = new Throttle(clock, new ThrottleLimits(PartnerPerMinute: 2, CustomerPerMinute: 1));
        Assert.Null(throttle.Take(Partner, Customer, "GET orders"));
        Assert.NotNull(throttle.Take(Partner, Customer, "GET orders"));

        Assert.Null(throttle.Take(Partner, Customer, "POST orders"));
        Assert.Null(throttle.Take(new PartnerId(Guid.AllBitsSet), Customer, "GET orders"));
        Assert.Null(throttle.Take(Partner, new CustomerId(Guid.AllBitsSet), "GET orders"));
        Assert.NotNull(throttle.Take(Partner, new CustomerId(SeedIds.Of("customer", "b")), "GET orders"));
    }

    [Fact]
    public void Take_NextMinute_PassesAgain()
    {
        var throttle = new Throttle(clock, new ThrottleLimits(PartnerPerMinute: 1));
        Assert.Null(throttle.Take(Partner, null, "x"));
        clock.Now += TimeSpan.FromSeconds(59);
        Assert.Equal(TimeSpan.FromSeconds(1), throttle.Take(Partner, null, "x")!.RetryAfter);

        clock.Now += TimeSpan.FromSeconds(1);

        Assert.Null(throttle.Take(Partner, null, "x"));
    }

    [Fact]
    public void Take_MoreCountersThanThereIsRoomFor_LetsThemPass()
    {
        var throttle = new Throttle(clock, new ThrottleLimits(PartnerPerMinute: 1));

        var refused = Enumerable.Range(0, 200_000).Count(number => throttle.Take(new PartnerId(SeedIds.Of("p", $"{number}")), null, "x") is not null);

        Assert.Equal(0, refused);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Orders_OverTheLimit_Are429InTheirOwnShapeAndAgreementsAreNot(string engine)
    {
        await using var server = await TestServer.StartAsync(engine, clock, new ThrottleLimits(2, 2));
        await ThrottleAsync(server);
        var customer = $"/v1/customers/{TestServer.Customer("attested-current")}";
        var passed = new[] { await server.SendAsync("GET", $"{customer}/orders"), await server.SendAsync("GET", $"{customer}/orders") };
        var rows = await StoredRows.ExceptAuditAsync(server.Parts);

        var refused = await server.SendAsync("GET", $"{customer}/orders");
        var agreements = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => server.SendAsync("GET", $"{customer}/agreements")));
        var otherPartner = await server.SendAsync("GET", $"/v1/customers/{TestServer.Customer("never", "harbor")}/orders", partner: "harbor");

        Assert.All(passed, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(429, refused.Status);
        Assert.Equal("60", refused.Headers["Retry-After"]);
        Assert.Equal(["statusCode", "message"], refused.Json.AsObject().Select(member => member.Key));
        Assert.Equal(429, refused.Json["statusCode"]!.GetValue<int>());
        Assert.All(agreements, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(200, otherPartner.Status);
        Assert.Equal(rows, await StoredRows.ExceptAuditAsync(server.Parts));
    }

    /// <summary>The seed switches throttling off; this puts the first partner back to its profile.</summary>
    private static async Task ThrottleAsync(TestServer server)
    {
        var row = (await server.Parts.Database.ReadEverythingAsync(PartnerRows.AllAsync)).Single(partner => partner.Id == TestServer.Partner("aozora").Id);
        _ = (await server.Parts.Context.Loop.RunAsync(new SaveDirectory([row with { Switches = "{}" }], [], []))).Value;
        await server.Parts.Directory.RefreshAsync();
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
