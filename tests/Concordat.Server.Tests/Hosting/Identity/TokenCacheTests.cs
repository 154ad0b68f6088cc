using System.Security.Cryptography;
using Concordat.Core;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Tests.Hosting.Identity;

public sealed class TokenCacheTests : IDisposable
{
    private readonly TokenBench bench = new();

    [Fact]
    public async Task Authenticate_SecondTime_ChecksNoSignatureAndCompletesAtOnce()
    {
        var header = "Bearer " + bench.Mint();
        await bench.AskAsync(header);

        var second = bench.Authentication.AuthenticateAsync(new string(header), CancellationToken.None);

        Assert.True(second.IsCompletedSuccessfully);
        Assert.Equal(TokenBench.CallerOf(CallerKind.AppPlusUser), (await second).Value);
        Assert.Equal(1, bench.Validator.SignatureChecks);
    }

    [Fact]
    public async Task Authenticate_SecondTime_AllocatesNothing()
    {
        var header = "Bearer " + bench.Mint();
        await bench.AskAsync(header);
        await bench.Authentication.AuthenticateAsync(header, CancellationToken.None);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            await bench.Authentication.AuthenticateAsync(header, CancellationToken.None);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Authenticate_CachedTokenPastItsExpiry_IsRefused()
    {
        var header = "Bearer " + bench.Mint();
        await bench.AskAsync(header);

        bench.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(59));
        Assert.Null((await bench.AskAsync(header)).Problem);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ProblemCode.TokenInvalid, (await bench.AskAsync(header)).Problem!.Code);
    }

    [Fact]
    public async Task Authenticate_KeyReplaced_CachedTokenIsRefusedAtOnce()
    {
        var header = "Bearer " + bench.Mint();
        await bench.AskAsync(header);
        using var next = RSA.Create(2048);

        bench.Keys[0].Replace([new SigningKey(bench.Issuer.Kid, next.ExportParameters(false))]);

        Assert.Equal(ProblemCode.TokenInvalid, (await bench.AskAsync(header)).Problem!.Code);
    }

    [Fact]
    public async Task Authenticate_KeyStaysWhileAnotherJoins_CachedTokenStaysCached()
    {
        var header = "Bearer " + bench.Mint();
        await bench.AskAsync(header);
        using var next = RSA.Create(2048);

        bench.Keys[0].Replace([bench.Issuer.SigningKey, new SigningKey("next", next.ExportParameters(false))]);

        Assert.Null((await bench.AskAsync(header)).Problem);
        Assert.Equal(1, bench.Validator.SignatureChecks);
    }

    [Fact]
    public async Task Authenticate_SameTailOtherBody_IsNotTakenForTheCachedOne()
    {
        var good = bench.Mint();
        await bench.AskAsync("Bearer " + good);
        var draft = bench.Draft(CallerKind.AppPlusUser);
        draft.Claims["oid"] = TokenBench.OtherTenant.ToString();

        var forged = $"{draft.HeaderPart}.{draft.ClaimsPart}.{good.Split('.')[2]}";

        Assert.NotNull((await bench.AskAsync("Bearer " + forged)).Problem);
    }

    [Fact]
    public void Add_MoreThanTheLimit_DropsTheOldest()
    {
        var cache = new TokenCache(bench.Clock, entryLimit: 100);
        for (var i = 0; i < 250; i++)
            cache.Add(Header(i), Valid(TimeSpan.FromHours(1)));

        Assert.Equal(100, cache.Count);
        Assert.False(cache.TryGet(Header(149), out _));
        Assert.True(cache.TryGet(Header(150), out _));
    }

    [Fact]
    public void Add_MoreCharactersThanTheLimit_DropsTheOldest()
    {
        var cache = new TokenCache(bench.Clock, charLimit: 10 * Header(0).Length);
        for (var i = 0; i < 50; i++)
            cache.Add(Header(i), Valid(TimeSpan.FromHours(1)));

        Assert.Equal(10, cache.Count);
    }

    [Fact]
    public void Add_OldestHaveExpired_MakesRoomEarly()
    {
        var cache = new TokenCache(bench.Clock);
        for (var i = 0; i < 50; i++)
            cache.Add(Header(i), Valid(TimeSpan.FromMinutes(5)));
        bench.Clock.Advance(TimeSpan.FromMinutes(10));

        cache.Add(Header(50), Valid(TimeSpan.FromMinutes(5)));

        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void Add_SameHeaderAgain_SurvivesTheFirstOnesEviction()
    {
        var cache = new TokenCache(bench.Clock, entryLimit: 2);
        cache.Add(Header(0), Valid(TimeSpan.FromHours(1)));
        cache.Add(Header(0), Valid(TimeSpan.FromHours(1)));
        cache.Add(Header(1), Valid(TimeSpan.FromHours(1)));

        Assert.True(cache.TryGet(Header(0), out _));
        Assert.True(cache.TryGet(Header(1), out _));
    }

    [Fact]
    public async Task Authenticate_ManyThreadsManyTokens_EachGetsItsOwnCaller()
    {
        var callers = Enumerable.Range(0, 40)
            .Select(i => TokenBench.CallerOf(CallerKind.AppPlusUser) with { Subject = new Guid(i + 1, 0, 0, new byte[8]) })
            .ToArray();
        var headers = callers.Select(caller => "Bearer " + bench.Issuer.Mint(caller, TimeSpan.FromHours(1))).ToArray();

        await Parallel.ForAsync(0, 8, TestContext.Current.CancellationToken, async (worker, cancel) =>
        {
            for (var i = 0; i < 4000; i++)
            {
                var who = (i * 7 + worker) % callers.Length;
                var outcome = await bench.Authentication.AuthenticateAsync(headers[who], cancel);
                Assert.Equal(callers[who], outcome.Value);
            }
        });

        // Threads that meet the same new token at the same moment may each check it once.
        Assert.InRange(bench.Validator.SignatureChecks, callers.Length, callers.Length * 8);
    }

    public void Dispose() => bench.Dispose();

    private static string Header(int i) => $"Bearer {i:D6}";

    private ValidToken Valid(TimeSpan lifetime) =>
        new(TokenBench.CallerOf(CallerKind.AppOnly), bench.Clock.GetUtcNow() + lifetime, bench.Issuer.SigningKey);
}
