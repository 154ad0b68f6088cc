using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>
/// Where the issuer sends the browser back to. Goes on at once, to the page that was asked for or to the one that says why
/// not, so that code and state stay in no address bar.
/// </summary>
[OpenPage]
internal sealed class CallbackModel(SignInFlow flow) : PageModel
{
    public async Task<IActionResult> OnGetAsync()
    {
        if (!flow.IsOn)
        {
            return NotFound();
        }

        var (path, fault) = await flow.CompleteAsync(HttpContext);
        return path is not null ? LocalRedirect(path) : Redirect($"{FailedModel.Address}?why={fault}");
    }

    public IActionResult OnPost() => StatusCode(405);
}
