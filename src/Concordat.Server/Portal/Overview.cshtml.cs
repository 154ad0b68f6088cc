using Concordat.Server.Hosting.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Portal;

/// <summary>The portal's first page leads to the list of customers.</summary>
[PageAccess(TenantKind.Partner, PortalPages.Everybody)]
internal sealed class OverviewModel : PageModel
{
    public const string Path = "/portal";

    public IActionResult OnGet() => Redirect(CustomersModel.Path);
}
