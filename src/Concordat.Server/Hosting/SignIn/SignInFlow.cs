using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.Pages;
using Microsoft.AspNetCore.WebUtilities;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>
/// The OpenID Connect code flow with PKCE: sends a browser to the issuer, and takes it back with a code. No address ever
/// carries anything about the person. The options are null where sign-in is not set up.
/// </summary>
internal sealed class SignInFlow(SignInOptions? options, Parts parts, TokenValidator validator)
{
    /// <summary><c>profile</c> is what puts tenant and object id into Entra ID's tokens.</summary>
    public const string Scope = "openid profile";

    public const string Cookie = "__Host-concordat-signin";
    private const int LongestCode = 4096;

    private readonly Admission admission = new(parts.Directory, parts.Database);
    private readonly CodeExchange? exchange =
        options is null ? null : new CodeExchange(options, parts.Http, parts.Context.Ids, parts.Context.Clocks.Wall);

    /// <summary>False where sign-in is not set up: nobody can sign in, and pages for signed-in people do not exist.</summary>
    public bool IsOn => options is not null;

    /// <summary>Our own origin, as browsers write it.</summary>
    public string Origin => options!.PublicUrl;

    /// <summary>
    /// Sends the browser to the issuer. <paramref name="stepUp"/> is who has to prove again who they are;
    /// <paramref name="choose"/> asks for another account than the one the browser is signed in with.
    /// </summary>
    public void Start(HttpContext http, string? returnPath, SignedIn? stepUp = null, bool choose = false)
    {
        var context = parts.Context;
        var pending = PendingSignIn.Begin(context.Ids, returnPath ?? "", context.Clocks.Wall.GetUtcNow(), stepUp);
        http.Response.Cookies.Append(Cookie, parts.PendingSignIns.Seal(pending), Sessions.Attributes(PendingSignIn.Lifetime));
        http.Response.Redirect(QueryHelpers.AddQueryString(AddressOf(pending, choose), "ui_locales", http.Texts().Language));
    }

    /// <summary>
    /// Takes the browser back from the issuer: the fault, or null and the path to go on to, with the session begun.
    /// </summary>
    public async Task<(string? Path, SignInFault? Fault)> CompleteAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var pending = parts.PendingSignIns.Open(http.Request.Cookies[Cookie]);
        if (pending is null || !pending.IsAlive(parts.Context.Clocks.Wall.GetUtcNow()) || !Same(query["state"].ToString(), pending.State))
        {
            return (null, SignInFault.Stale);
        }

        http.Response.Cookies.Delete(Cookie, Sessions.Attributes());
        if (query.ContainsKey("error"))
        {
            return (null, SignInFault.Denied);
        }

        var (person, fault) = query["code"].ToString() is { Length: > 0 and <= LongestCode } code
            ? await IdentifyAsync(code, pending, http.RequestAborted)
            : (null, SignInFault.Invalid);
        if (person is null)
        {
            return (null, fault);
        }

        var (kind, admitted, refused) = await admission.DecideAsync(person);
        if (refused is not null)
        {
            return (null, refused);
        }

        await parts.Sessions.BeginAsync(http, admitted, kind);
        return (pending.ReturnPath.Length > 0 ? pending.ReturnPath : HomeOf(kind), null);
    }

    /// <summary>The page that every signed-in person has.</summary>
    public const string AccountPath = "/account";

    // A customer's people come for their agreement.
    private static string HomeOf(TenantKind kind) => kind == TenantKind.Partner ? "/portal" : "/AdminPortal/Home?ref=/BillingAccounts/agreement";

    private async Task<(Identified? Person, SignInFault? Fault)> IdentifyAsync(string code, PendingSignIn pending, CancellationToken cancel)
    {
        var (token, fault) = await exchange!.RedeemAsync(code, pending.Verifier, cancel);
        if (token is null)
        {
            return (null, fault);
        }

        var since = pending.IsStepUp ? parts.Context.Clocks.Wall.GetUtcNow() - SignedIn.FreshFor : (DateTimeOffset?)null;
        var expected = new ExpectedIdToken(options!.Client, pending.Nonce, options.AuthContext, since);
        if (!(await validator.ValidateIdTokenAsync(token, expected, cancel)).TryGetValue(out var person, out var problem))
        {
            LogEvents.IdTokenRefused(parts.Log, problem.Message);
            return (null, SignInFault.Invalid);
        }

        return pending switch
        {
            { IsStepUp: true } when person.Tenant != pending.Tenant || person.Person != pending.Person => (null, SignInFault.OtherPerson),
            { IsStepUp: true } when !person.Mfa => (null, SignInFault.SecondFactor),
            _ => (person, null),
        };
    }

    private string AddressOf(PendingSignIn pending, bool choose)
    {
        var query = new Dictionary<string, string?>
        {
            ["client_id"] = options!.Client.ToString("D"),
            ["response_type"] = "code",
            ["response_mode"] = "query",
            ["redirect_uri"] = options.RedirectUri,
            ["scope"] = Scope,
            ["state"] = pending.State,
            ["nonce"] = pending.Nonce,
            ["code_challenge"] = pending.Challenge,
            ["code_challenge_method"] = "S256",
        };
        if (pending.IsStepUp)
        {
            query["prompt"] = "login";
            query["max_age"] = ((int)SignedIn.FreshFor.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
        else if (choose)
        {
            query["prompt"] = "select_account";
        }

        if (options.AuthContext is { } authContext)
        {
            query["claims"] = new JsonObject
            {
                ["id_token"] = new JsonObject { ["acrs"] = new JsonObject { ["essential"] = true, ["value"] = authContext } },
            }.ToJsonString();
        }

        return QueryHelpers.AddQueryString(options.AuthorizeUri.AbsoluteUri, query);
    }

    private static bool Same(string sent, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(expected));
}
