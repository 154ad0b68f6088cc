namespace Concordat.Server.Hosting.Identity;

/// <summary>Which bearer tokens are trusted. Read once at start; <see cref="Faults"/> says what is wrong with it.</summary>
internal sealed record IdentityOptions
{
    public const string PartnerCenterAudience = "https://api.partnercenter.microsoft.com";

    /// <summary>Values of <c>aud</c>, compared ordinally; a client id (v2 tokens) or an App ID URI (v1 tokens).</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [PartnerCenterAudience];

    /// <summary>Nobody is trusted by default; production names the two of Entra ID, the sandbox its own.</summary>
    public IReadOnlyList<IssuerOptions> Issuers { get; init; } = [];

    /// <summary>Values of <c>azp</c> or <c>appid</c>; empty means any.</summary>
    public IReadOnlyList<Guid> AllowedClients { get; init; } = [];

    /// <summary>Out of <see cref="SigningKey.Algorithms"/>.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = ["RS256"];

    /// <summary>Allowed on <c>exp</c>, <c>nbf</c> and <c>iat</c>; 60 seconds at most (rule T12).</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Every fault at once, for the start-up check; empty when the options can be used.</summary>
    public IEnumerable<string> Faults()
    {
        if (Audiences.Count == 0 || Audiences.Any(string.IsNullOrWhiteSpace))
            yield return "identity: at least one audience is needed, and none may be blank";
        if (Issuers.Count == 0)
            yield return "identity: no issuer is trusted";
        if (ClockSkew < TimeSpan.Zero || ClockSkew > TimeSpan.FromSeconds(60))
            yield return "identity: the clock skew lies between 0 and 60 seconds";
        if (Algorithms.Count == 0)
            yield return "identity: no signature algorithm is allowed";
        foreach (var algorithm in Algorithms.Where(name => !SigningKey.Algorithms.Contains(name)))
            yield return $"identity: {algorithm} is not one of {string.Join(", ", SigningKey.Algorithms)}";
        foreach (var fault in Issuers.SelectMany(issuer => issuer.Faults()))
            yield return fault;
    }
}

/// <summary>
/// One trusted issuer. Only the public cloud is ever named here: attestation does not exist in 21Vianet or US Government
/// clouds, so their issuers are unknown ones.
/// </summary>
/// <param name="Template">The exact <c>iss</c>, with <c>{tid}</c> where the tenant id stands.</param>
/// <param name="Version">The <c>ver</c> that goes with it: 1.0 or 2.0.</param>
/// <param name="JwksUri">Where the keys are fetched from; null when they are given (the sandbox).</param>
internal sealed record IssuerOptions(string Template, string Version, Uri? JwksUri)
{
    public const string Tenant = "{tid}";

    public static readonly IssuerOptions EntraV1 = new(
        "https://sts.windows.net/{tid}/", "1.0", new Uri("https://login.microsoftonline.com/common/discovery/keys"));

    public static readonly IssuerOptions EntraV2 = new(
        "https://login.microsoftonline.com/{tid}/v2.0", "2.0",
        new Uri("https://login.microsoftonline.com/common/discovery/v2.0/keys"));

    /// <summary>The <c>iss</c> that this issuer writes for a tenant.</summary>
    public string For(Guid tenant) => Template.Replace(Tenant, tenant.ToString("D"), StringComparison.Ordinal);

    public IEnumerable<string> Faults()
    {
        if (!Template.Contains(Tenant, StringComparison.Ordinal))
            yield return $"identity: the issuer {Template} must contain {Tenant}, which ties a token to its tenant";
        if (Version is not ("1.0" or "2.0"))
            yield return $"identity: the version of the issuer {Template} is 1.0 or 2.0";
        if (JwksUri is { } uri && !(uri.IsAbsoluteUri && (uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback)))
            yield return $"identity: the keys of {Template} must come over https";
    }
}
