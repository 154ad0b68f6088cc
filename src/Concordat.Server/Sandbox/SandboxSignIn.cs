using System.Security.Cryptography;
using System.Text;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Sandbox;

/// <summary>A person as the issuer's page offers them.</summary>
internal sealed record OfferedPerson(SandboxTenant Tenant, SandboxPerson Person, string Company);

/// <summary>What the issuer's sign-in page does: reads the request, checks a password, issues a code.</summary>
internal sealed class SandboxSignIn(AuthorizationCodes codes, Func<SandboxDirectory> directory, string redirectUri, Parts parts)
{
    private const string FirstUser = "admin";

    public AuthorizationCodes Codes => codes;

    /// <summary>Counts wrong passwords.</summary>
    public SignInAttempts Attempts { get; } = new(parts.Context.Clocks.Wall);

    /// <summary>Everybody who can sign in by a click: partners first.</summary>
    public static IReadOnlyList<OfferedPerson> Offered { get; } =
    [
        .. SeedPlan.Partners.SelectMany(partner => Of(partner.Domain, partner.Name)),
        .. SeedPlan.CustomersWithPeople.Select(key => SeedPlan.Customers.First(customer => customer.Key == key))
            .SelectMany(customer => Of(customer.Domain, customer.Name)),
    ];

    public AuthorizeRequest? Read(Func<string, string> value) => AuthorizeRequest.Read(value, directory().Portal, redirectUri);

    /// <summary>True for a tenant that somebody could sign in to: <c>common</c> and <c>organizations</c> stand for every one.</summary>
    public bool Knows(string tenant) => tenant.ToUpperInvariant() is "COMMON" or "ORGANIZATIONS" || directory().Find(tenant) is not null;

    /// <summary>The person with that user name, when the password is theirs: somebody of the seed, or a new customer's first administrator.</summary>
    public async ValueTask<(Guid Tenant, Guid Person, Roles Roles)?> CheckAsync(string userName, string password)
    {
        var seeded = Offered.FirstOrDefault(one => one.Person.UserName.Equals(userName, StringComparison.OrdinalIgnoreCase));
        if (seeded is not null)
        {
            return Same(password, seeded.Person.Password) ? (seeded.Tenant.Id, seeded.Person.Oid, seeded.Person.Roles) : null;
        }

        var domain = userName.StartsWith(FirstUser + "@", StringComparison.OrdinalIgnoreCase) ? userName[(FirstUser.Length + 1)..].ToLowerInvariant() : "";
        return await parts.Database.ReadSharedAsync(tx => CustomerRows.FindByDomainAsync(tx, domain)) is { } customer
            && Same(password, parts.FirstPasswords.Of(customer))
                ? (customer.Value, SeedIds.Of("first administrator", customer.ToString()), Roles.GlobalAdministrator)
                : null;
    }

    /// <summary>Signs the person in: the address that takes the code back to the application.</summary>
    public string Issue(AuthorizeRequest request, Guid tenant, Guid person, Roles roles, bool mfa) => request.AddressOfCode(codes.Issue(new IssuedCode(
        request.Client, request.RedirectUri, request.Challenge!, request.Nonce!, tenant, person, roles, mfa, parts.Context.Clocks.Wall.GetUtcNow())));

    private static IEnumerable<OfferedPerson> Of(string domain, string company) =>
        SeedPlan.Directory.Find(domain) is { } tenant ? tenant.People.Select(person => new OfferedPerson(tenant, person, company)) : [];

    private static bool Same(string sent, string kept) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(kept));
}
