using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Hosting.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Sandbox;

/// <summary>
/// The sandbox issuer's sign-in page: everybody of the seed as a button, and a form for user name and password. It keeps no
/// session of its own: whoever comes here signs in anew.
/// </summary>
[OpenPage(SandboxOnly = true)]
internal sealed class AuthorizeModel(SandboxSignIn signIn) : PageModel
{
    private const string UserField = "username";
    private const string PasswordField = "password";
    private const string PersonField = "person";
    private const string WithoutFactorField = "withoutSecondFactor";

    /// <summary>The text that says why the form comes back; null the first time.</summary>
    public string? Fault { get; private set; }

    public string UserName { get; private set; } = "";

    /// <summary>The hidden fields that carry the request through the form.</summary>
    public IReadOnlyList<(string Name, string Value)> Carried { get; private set; } = [];

    public static IEnumerable<IGrouping<string, OfferedPerson>> Companies => SandboxSignIn.Offered.GroupBy(one => one.Company);

    /// <summary>The key of the text that names what a person is.</summary>
    public static string RoleKey(OfferedPerson one) => $"Role.{one.Person.Roles}";

    public IActionResult OnGet(string tenant)
    {
        HttpContext.Suggest(Request.Query["ui_locales"].ToString());
        if (!signIn.Knows(tenant) || signIn.Read(name => Request.Query[name].ToString()) is not { } request)
        {
            return NotForUs();
        }

        Carried = [.. AuthorizeRequest.Carried(name => Request.Query[name].ToString())];
        return request.Fault is { } fault ? Redirect(request.AddressOfError(fault)) : Page();
    }

    public async Task<IActionResult> OnPostAsync(string tenant)
    {
        if (!AntiForgery.IsOurs(Request, $"{Request.Scheme}://{Request.Host}") || !Request.HasFormContentType
            || !signIn.Knows(tenant) || signIn.Read(Field) is not { Fault: null } request)
        {
            return NotForUs();
        }

        if (SandboxSignIn.Offered.FirstOrDefault(one => one.Person.Oid.ToString("D") == Field(PersonField)) is { } chosen)
        {
            return SignedIn(request, chosen.Tenant.Id, chosen.Person.Oid, chosen.Person.Roles);
        }

        UserName = Field(UserField).Trim();
        var address = HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";
        if (signIn.Attempts.IsBlocked(address, UserName))
        {
            Response.Headers.RetryAfter = ((int)SignInAttempts.Window.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Again("Authorize.TooMany", 429);
        }

        if (await signIn.CheckAsync(UserName, Field(PasswordField)) is not { } person)
        {
            signIn.Attempts.CountFailure(address, UserName);
            return Again("Authorize.Wrong", 400);
        }

        return SignedIn(request, person.Tenant, person.Person, person.Roles);
    }

    private RedirectResult SignedIn(AuthorizeRequest request, Guid tenant, Guid person, Roles roles) =>
        Redirect(signIn.Issue(request, tenant, person, roles, mfa: Field(WithoutFactorField).Length == 0));

    private PageResult Again(string fault, int status)
    {
        Fault = HttpContext.Texts()[fault];
        Carried = [.. AuthorizeRequest.Carried(Field)];
        Response.StatusCode = status;
        return Page();
    }

    /// <summary>Nobody is sent to an address that is not registered.</summary>
    private StatusCodeResult NotForUs() => StatusCode(400);

    private string Field(string name) => Request.Form[name].ToString();
}
