using Concordat.Server.Hosting.Pages;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>Why a sign-in came to nothing, and the way to try again.</summary>
[OpenPage]
internal sealed class FailedModel : PageModel
{
    public const string Address = "/signin/failed";

    private SignInFault fault;

    public string Explanation => HttpContext.Texts()[$"SignIn.Fault.{fault}"];

    /// <summary>Another account may have what this one lacks.</summary>
    public string AgainPath => fault is SignInFault.UnknownTenant or SignInFault.NoRole or SignInFault.Guest or SignInFault.OtherPerson
        ? SignInOptions.StartPath + "?account=other"
        : SignInOptions.StartPath;

    public void OnGet()
    {
        fault = Enum.TryParse<SignInFault>(Request.Query["why"].ToString(), out var why) && Enum.IsDefined(why) ? why : SignInFault.Stale;
        Response.StatusCode = fault switch
        {
            SignInFault.Stale or SignInFault.Denied or SignInFault.Invalid => 400,
            SignInFault.Unavailable => 503,
            _ => 403,
        };
    }
}
