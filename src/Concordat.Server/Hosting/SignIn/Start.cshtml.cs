using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>
/// <c>/signin</c>: sends the browser to the issuer at once. <c>return</c> names a path of ours to come back to, anything else is
/// ignored; <c>account=other</c> lets the person choose another account.
/// </summary>
[OpenPage]
internal sealed class StartModel(SignInFlow flow) : PageModel
{
    public IActionResult OnGet()
    {
        if (!flow.IsOn)
        {
            return NotFound();
        }

        flow.Start(HttpContext, ReturnPath.Check(Request.Query["return"].ToString()), choose: Request.Query["account"] == "other");
        return new EmptyResult();
    }

    public IActionResult OnPost() => StatusCode(405);
}
