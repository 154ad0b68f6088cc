using Concordat.Core;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>The two sides that people sign in from.</summary>
internal enum TenantKind
{
    Partner,
    Customer,
}

/// <summary>
/// The person behind a page request: their session as stored, and what they may do now, which is read anew on each
/// request.
/// </summary>
/// <param name="Session">The stored session.</param>
/// <param name="Kind">Which side the person is of.</param>
/// <param name="Roles">Of the sign-in, less what was taken away since; never empty.</param>
/// <param name="Partner">The person's partner; null for a customer's people.</param>
/// <param name="FormToken">What every form of this session carries; see <see cref="AntiForgery"/>.</param>
internal sealed record SignedIn(SessionRow Session, TenantKind Kind, Roles Roles, Partner? Partner, string FormToken)
{
    /// <summary>How old an authentication may be for what asks for a step-up (rule T13).</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(15);

    public Guid Tenant => Session.Tenant;

    public Guid Person => Session.Person;

    /// <summary>The person's customer; throws for a partner's people, which is a bug of the page.</summary>
    public CustomerId Customer => Kind == TenantKind.Customer ? new CustomerId(Tenant) : throw new InvalidOperationException("A partner's person has no customer.");

    /// <summary>True when the person used a second factor not longer ago than <see cref="FreshFor"/>.</summary>
    public bool IsSteppedUp(DateTimeOffset wallNow) =>
        Session is { Mfa: true, AuthenticatedAt: { } at } && wallNow - at < FreshFor;
}

/// <summary>Finds the signed-in person from a page.</summary>
internal static class SignedInRequest
{
    /// <summary>The person that the guard admitted, or who happens to be signed in on an open page; null for nobody.</summary>
    public static SignedIn? SignedIn(this HttpContext http) => http.Items[typeof(SignedIn)] as SignedIn;

    /// <summary>The person that the guard admitted; throws on a page that admits everybody.</summary>
    public static SignedIn Person(this HttpContext http) =>
        http.SignedIn() ?? throw new InvalidOperationException("Nobody is signed in, and the page did not ask for it.");

    public static void Admit(this HttpContext http, SignedIn? person) => http.Items[typeof(SignedIn)] = person;
}
