using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Server.Hosting.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Concordat.Server.Tests.Hosting.Identity;

/// <summary>Keys fetched from a real listener on loopback.</summary>
public sealed class IssuerKeysTests : IAsyncLifetime, IDisposable
{
    private const string Template = "https://issuer.example/{tid}/v2.0";
    private static readonly Guid Tenant = TokenBench.Tenant;

    private readonly HeldClock clock = new(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly RSA first = TokenBench.Key;
    private readonly RSA second = TokenBench.OtherKey;
    private readonly WebApplication listener;
    private string answer = "{}";
    private int status = 200;
    private int fetches;

    public IssuerKeysTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        listener = builder.Build();
        listener.MapGet("/keys", () =>
        {
            Interlocked.Increment(ref fetches);
            return Results.Text(answer, "application/json", Encoding.UTF8, status);
        });
    }

    public async ValueTask InitializeAsync() => await listener.StartAsync(TestContext.Current.CancellationToken);

    [Fact]
    public async Task Find_FirstUse_FetchesOnceForAll()
    {
        answer = Set(Jwk("a", first));
        var keys = Keys();

        var found = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Find(keys, "a")));

        Assert.DoesNotContain(null, found);
        Assert.Equal(1, fetches);
    }

    [Fact]
    public async Task Find_AThousandUnknownKids_CausesAtMostOneFetch()
    {
        answer = Set(Jwk("a", first));
        var keys = Keys();
        await Find(keys, "a");
        clock.Advance(TimeSpan.FromMinutes(6));
        var before = fetches;

        await Parallel.ForAsync(0, 1000, TestContext.Current.CancellationToken,
            async (i, _) => Assert.Null(await Find(keys, $"unknown-{i}")));

        Assert.Equal(1, fetches - before);
    }

    [Fact]
    public async Task Find_UnknownKidsWhileTheIssuerIsOut_CausesAtMostOneFetch()
    {
        status = 503;
        var keys = Keys();

        for (var i = 0; i < 20; i++)
            Assert.Null(await Find(keys, $"unknown-{i}"));

        Assert.Equal(1, fetches);
    }

    [Fact]
    public async Task Find_KnownKeyWithinTheHour_FetchesNoMore()
    {
        answer = Set(Jwk("a", first));
        var keys = Keys();
        for (var i = 0; i < 6; i++)
        {
            Assert.NotNull(await Find(keys, "a"));
            clock.Advance(TimeSpan.FromMinutes(9));
        }

        // Time for a fetch in passing to arrive, if there were one.
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(1, fetches);
    }

    [Fact]
    public async Task Find_KnownKeyAfterAnHour_LearnsThatItWasTakenBack()
    {
        answer = Set(Jwk("a", first));
        var keys = Keys();
        var key = await Find(keys, "a");
        answer = Set(Jwk("b", second));
        clock.Advance(TimeSpan.FromHours(1));

        Assert.NotNull(await Find(keys, "a"));

        // The answer did not wait for the fetch, so the test has to.
        for (var wait = 0; wait < 500 && key!.IsTrusted(clock.GetUtcNow()); wait++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.False(key!.IsTrusted(clock.GetUtcNow()));
    }

    [Fact]
    public async Task Find_NewKeyAfterFiveMinutes_IsFoundAndTheOldOneRetired()
    {
        answer = Set(Jwk("a", first));
        var keys = Keys();
        var old = await Find(keys, "a");
        answer = Set(Jwk("b", second));

        Assert.Null(await Find(keys, "b"));
        clock.Advance(IssuerKeys.FetchInterval);

        Assert.NotNull(await Find(keys, "b"));
        Assert.Null(await Find(keys, "a"));
        Assert.False(old!.IsTrusted(clock.GetUtcNow()));
    }

    [Fact]
    public async Task Find_IssuerOut_KeepsTheKeyForADayAndNoLonger()
    {
        answer = Set(Jwk("a", first));
        var keys = Keys();
        await Find(keys, "a");
        status = 503;

        clock.Advance(IssuerKeys.LastKnownGood - TimeSpan.FromSeconds(1));
        Assert.NotNull(await Find(keys, "a"));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await Find(keys, "a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"keys\":null}")]
    [InlineData("{\"keys\":[]}")]
    [InlineData("{\"keys\":[null,{},{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"!\",\"e\":\"AQAB\",\"issuer\":\"x\"}]}")]
    [InlineData("<html>")]
    public async Task Find_UnreadableKeySet_KeepsTheLastOne(string text)
    {
        answer = Set(Jwk("a", first));
        var keys = Keys();
        await Find(keys, "a");
        answer = text;
        clock.Advance(TimeSpan.FromHours(2));

        Assert.Null(await Find(keys, "b"));

        Assert.NotNull(await Find(keys, "a"));
    }

    [Fact]
    public async Task Find_KeyThatIsNoUsableSignatureKey_IsSkipped()
    {
        using var small = RSA.Create(1024);
        var encryption = Jwk("enc", second);
        encryption["use"] = "enc";
        var anonymous = Jwk("anonymous", second);
        anonymous.Remove("issuer");
        answer = Set(Jwk("small", small), encryption, anonymous, new JsonObject { ["kty"] = "EC", ["kid"] = "ec" }, Jwk("a", first));
        var keys = Keys();

        Assert.NotNull(await Find(keys, "a"));
        foreach (var kid in new[] { "small", "enc", "anonymous", "ec" })
            Assert.Null(await Find(keys, kid));
    }

    [Fact]
    public async Task SignsFor_KeyOfAnotherTenantsIssuer_IsFalse()
    {
        var bound = Jwk("bound", second);
        bound["issuer"] = $"https://issuer.example/{TokenBench.OtherTenant}/v2.0";
        answer = Set(Jwk("a", first), bound);
        var keys = Keys();
        var issuer = $"https://issuer.example/{Tenant}/v2.0";

        Assert.True((await Find(keys, "a"))!.SignsFor(issuer, Tenant));
        Assert.False((await Find(keys, "bound"))!.SignsFor(issuer, Tenant));
    }

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        Dispose();
    }

    public void Dispose() => http.Dispose();

    private static Task<SigningKey?> Find(IssuerKeys keys, string kid) =>
        keys.FindAsync(kid, TestContext.Current.CancellationToken).AsTask();

    private static string Set(params JsonNode[] keys) => new JsonObject { ["keys"] = new JsonArray(keys) }.ToJsonString();

    private static JsonObject Jwk(string kid, RSA key)
    {
        var parameters = key.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = kid,
            ["issuer"] = "https://issuer.example/{tenantid}/v2.0",
            ["n"] = Base64Url.EncodeToString(parameters.Modulus),
            ["e"] = Base64Url.EncodeToString(parameters.Exponent),
        };
    }

    private IssuerKeys Keys() => new(
        new IssuerOptions(Template, "2.0", new Uri(listener.Urls.First() + "/keys")), http, clock, NullLogger<IssuerKeys>.Instance);
}
