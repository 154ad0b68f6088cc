using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>As whom somebody is signed in, and the way out: of this browser, or of every one.</summary>
[SignedInPage]
internal sealed class AccountModel(Parts parts) : PageModel
{
    private static readonly Roles[] Each =
    [
        Roles.AdminAgent, Roles.SalesAgent, Roles.HelpdeskAgent, Roles.ResellerUser, Roles.Auditor,
        Roles.GlobalAdministrator, Roles.BillingOwner, Roles.CustomerUser,
    ];

    public string Company { get; private set; } = "";

    public IEnumerable<Roles> RolesHeld => Each.Where(role => HttpContext.Person().Roles.HasFlag(role));

    public string EndsAt =>
        (HttpContext.Person().Session.CreatedAt + SessionRows.Longest).UtcDateTime.ToString("g", HttpContext.Texts().Culture) + " UTC";

    public async Task OnGetAsync()
    {
        var person = HttpContext.Person();
        Company = person.Partner?.Name
            ?? await parts.Database.ReadSharedAsync(tx => CustomerRows.TenantNameAsync(tx, person.Customer))
            ?? "";
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await parts.Sessions.EndAsync(HttpContext, HttpContext.Person(), everywhere: Request.Form["everywhere"] == "1");
        return Redirect("/signedout");
    }
}
