using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace Concordat.Server.Tests.Hosting.Identity;

/// <summary>A clock that stands still until a test moves it.</summary>
internal sealed class HeldClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow() => now;

    public void Advance(TimeSpan by) => now += by;
}

/// <summary>Authentication with the sandbox's issuer and one other trusted issuer, at a held clock.</summary>
internal sealed class TokenBench : IDisposable
{
    public static readonly Guid Tenant = new("11111111-1111-4111-8111-111111111111");
    public static readonly Guid OtherTenant = new("22222222-2222-4222-8222-222222222222");
    public static readonly Guid Oid = new("33333333-3333-4333-8333-333333333333");
    public static readonly Guid App = new("44444444-4444-4444-8444-444444444444");
    public const string OtherKid = "other-issuer-key";

    /// <summary>Made once for all tests: a key takes longer to make than most tests to run.</summary>
    public static readonly RSA Key = RSA.Create(2048);
    public static readonly RSA OtherKey = RSA.Create(2048);

    private readonly HttpClient http = new();

    public TokenBench()
    {
        Issuer = new TokenIssuer(new Uri("http://127.0.0.1:5280"), Key, new IdSource(Clock), Clock);
        Options = new IdentityOptions
        {
            Issuers = [Issuer.Options, new("http://127.0.0.1:5281/{tid}/", "1.0", null)],
            AllowedClients = [App],
        };
        Keys = [.. Options.Issuers.Select(issuer => new IssuerKeys(issuer, http, Clock, NullLogger<IssuerKeys>.Instance))];
        Keys[0].Replace([Issuer.SigningKey]);
        Keys[1].Replace([new SigningKey(OtherKid, OtherKey.ExportParameters(false))]);
        Validator = new TokenValidator(Options, Keys, Clock);
        Cache = new TokenCache(Clock);
        Authentication = new Authentication(Validator, Cache);
    }

    public HeldClock Clock { get; } = new(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));
    public TokenIssuer Issuer { get; }
    public IdentityOptions Options { get; }
    public IReadOnlyList<IssuerKeys> Keys { get; }
    public TokenValidator Validator { get; }
    public TokenCache Cache { get; }
    public Authentication Authentication { get; }

    public static Caller CallerOf(CallerKind kind) => kind == CallerKind.AppOnly
        ? new(new PartnerId(Tenant), Oid, App, kind, Roles.Application, Mfa: false)
        : new(new PartnerId(Tenant), Oid, App, kind, Roles.AdminAgent, Mfa: true);

    public string Mint(CallerKind kind = CallerKind.AppPlusUser) => Issuer.Mint(CallerOf(kind), TimeSpan.FromHours(1));

    public Task<Outcome<Caller>> AskAsync(string? header) =>
        Authentication.AuthenticateAsync(header, TestContext.Current.CancellationToken).AsTask();

    public Draft Draft(CallerKind kind) => new(this, kind);

    public void Dispose() => http.Dispose();
}

/// <summary>A good token taken apart, for a test to spoil one thing and put it together again.</summary>
internal sealed class Draft
{
    public Draft(TokenBench bench, CallerKind kind)
    {
        (Bench, Kind) = (bench, kind);
        var parts = bench.Mint(kind).Split('.');
        Header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!.AsObject();
        Claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject();
    }

    public TokenBench Bench { get; }
    public CallerKind Kind { get; }
    public JsonObject Header { get; }
    public JsonObject Claims { get; }

    public string HeaderPart => Part(Header.ToJsonString());
    public string ClaimsPart => Part(Claims.ToJsonString());
    public long Now => Bench.Clock.GetUtcNow().ToUnixTimeSeconds();

    public string Sign() => Bench.Issuer.Sign(Header, Claims);
    public string SignWith(RSA key) => SignText(Header.ToJsonString(), Claims.ToJsonString(), key);

    /// <summary>For JSON that no object model would write.</summary>
    public string SignRaw(string claims) => SignText(Header.ToJsonString(), claims, TokenBench.Key);
    public string SignRawHeader(string header) => SignText(header, Claims.ToJsonString(), TokenBench.Key);

    public static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    public static string SignParts(string header, string claims, RSA key) => $"{header}.{claims}." + Base64Url.EncodeToString(
        key.SignData(Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    private static string SignText(string header, string claims, RSA key) => SignParts(Part(header), Part(claims), key);
}
