using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Concordat.Core;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>
/// Sessions of browsers. The cookie holds 256 random bits and the database their hash; whose session it is, and what the
/// person may do, is read on each request, so that signing out, a closed account or a lost role takes effect at once.
/// </summary>
internal sealed class Sessions(OperationContext context, PartnerDirectory directory, AntiForgery antiForgery)
{
    /// <summary>A session that nobody used for so long has ended.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    // Every request would be a write otherwise. It shortens the idle limit by as much at worst.
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    public const string Cookie = "__Host-concordat";
    private const int CookieLength = 43;

    /// <summary>The person whose session the browser holds, or null: there is none, it has ended, or they may do nothing any more.</summary>
    public async ValueTask<SignedIn?> FindAsync(HttpContext http)
    {
        var now = context.Clocks.Wall.GetUtcNow();
        if (await RowOfAsync(http) is not { } row || now - row.CreatedAt >= SessionRows.Longest || now - row.SeenAt >= Idle)
        {
            return null;
        }

        var partner = row.TenantKind == KindWord(TenantKind.Partner) ? directory.Find(new PartnerId(row.Tenant)) : null;
        var person = partner is not null ? Staff(row, partner) : await CustomerPersonAsync(row);
        if (person is not null && now - row.SeenAt >= SeenEvery)
        {
            _ = await context.Loop.RunAsync(new SeeSession(row, now));
        }

        return person;
    }

    /// <summary>Starts a session under a new id and hands it to the browser; the one it had ends.</summary>
    public async Task BeginAsync(HttpContext http, Identified identified, TenantKind kind)
    {
        var secret = PendingSignIn.Random(context.Ids);
        var now = context.Clocks.Wall.GetUtcNow();
        var row = new SessionRow(
            HashOf(secret), KindWord(kind), identified.Tenant, identified.Person, (long)identified.Roles, identified.Mfa,
            identified.AuthenticatedAt, now, now);
        _ = (await context.Loop.RunAsync(new BeginSession(row, await RowOfAsync(http)))).Value;
        http.Response.Cookies.Append(Cookie, secret, Attributes());
    }

    /// <summary>Ends this session, or all of the person's.</summary>
    public async Task EndAsync(HttpContext http, SignedIn person, bool everywhere)
    {
        _ = (await context.Loop.RunAsync(new EndSession(person.Session, everywhere))).Value;
        http.Response.Cookies.Delete(Cookie, Attributes());
    }

    /// <summary>
    /// What both of our cookies have: no script reads them, no other site's form or frame sends them, no sub-domain sets them.
    /// Browsers take Secure cookies over plain HTTP from the loopback address.
    /// </summary>
    public static CookieOptions Attributes(TimeSpan? lifetime = null) => new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
        MaxAge = lifetime,
    };

    /// <summary>What the person may do for the partner now: a reseller's people are reseller users and nothing else.</summary>
    public static Roles StaffRoles(Partner partner, Guid person, Roles given, PartnerDirectory directory) =>
        directory.RolesOf(partner.Id, person, given)
        & (partner.Kind == PartnerKind.IndirectReseller ? Roles.ResellerUser : Roles.PartnerStaff & ~Roles.ResellerUser);

    private async ValueTask<SessionRow?> RowOfAsync(HttpContext http) =>
        http.Request.Cookies[Cookie] is { Length: CookieLength } secret && Base64Url.IsValid(secret)
            ? await context.Database.ReadSharedAsync(tx => SessionRows.FindAsync(tx, HashOf(secret)))
            : null;

    private SignedIn? Staff(SessionRow row, Partner partner)
    {
        var roles = StaffRoles(partner, row.Person, (Roles)row.Roles, directory);
        return roles == Roles.None || (partner.Switches.MfaRequired && !row.Mfa)
            ? null
            : new SignedIn(row, TenantKind.Partner, roles, partner, antiForgery.TokenOf(row.Hash));
    }

    private async ValueTask<SignedIn?> CustomerPersonAsync(SessionRow row)
    {
        var roles = (Roles)row.Roles & Roles.CustomerPeople;
        return row.TenantKind == KindWord(TenantKind.Customer) && roles != Roles.None
            && await context.Database.ReadSharedAsync(tx => CustomerRows.IsKnownAsync(tx, new CustomerId(row.Tenant)))
                ? new SignedIn(row, TenantKind.Customer, roles, null, antiForgery.TokenOf(row.Hash))
                : null;
    }

    private static string KindWord(TenantKind kind) => kind == TenantKind.Partner ? "partner" : "customer";

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));
}
