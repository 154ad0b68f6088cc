namespace Concordat.Server.Hosting.SignIn;

/// <summary>Where people sign in, and as which application of that place this service asks.</summary>
internal sealed record SignInOptions
{
    public const string StartPath = "/signin";
    public const string CallbackPath = "/signin/callback";

    public static readonly Uri EntraAuthority = new("https://login.microsoftonline.com");

    /// <summary>Scheme, host and port under which browsers reach this service, as they write it into <c>Origin</c>: no slash at the end.</summary>
    public required string PublicUrl { get; init; }

    /// <summary>Scheme, host and port of the issuer.</summary>
    public Uri Authority { get; init; } = EntraAuthority;

    /// <summary><c>organizations</c>: people of any tenant; whose are let in is decided afterwards.</summary>
    public string Tenant { get; init; } = "organizations";

    public required Guid Client { get; init; }

    public required ClientProof Proof { get; init; }

    /// <summary>The authentication context that Conditional Access ties to a second factor; see <see cref="Identity.ExpectedIdToken"/>.</summary>
    public string? AuthContext { get; init; }

    /// <summary>The one redirect URI, exactly as registered.</summary>
    public string RedirectUri => PublicUrl + CallbackPath;

    public Uri AuthorizeUri => new(Authority, $"/{Tenant}/oauth2/v2.0/authorize");

    public Uri TokenUri => new(Authority, $"/{Tenant}/oauth2/v2.0/token");
}
