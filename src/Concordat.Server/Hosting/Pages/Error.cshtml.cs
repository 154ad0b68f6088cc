using Concordat.Server.Hosting.SignIn;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace Concordat.Server.Hosting.Pages;

/// <summary>
/// What people see when a page does not exist or failed. It never shows what failed: that is in the log under the request
/// id, which the page quotes. Whoever asks for this address itself gets "not found".
/// </summary>
[OpenPage]
internal sealed class ErrorModel(Parts parts) : PageModel
{
    public int Status { get; private set; } = 404;

    public string Title => HttpContext.Texts()[$"Error.{Kind}.Title"];

    public string Explanation => HttpContext.Texts()[$"Error.{Kind}.Text"];

    /// <summary>Where somebody who is not signed in goes from here: to sign in, and back to the page they were on.</summary>
    public string SignInPath => QueryHelpers.AddQueryString(SignInOptions.StartPath, "return",
        HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is { } before ? ReturnPath.Check(before.OriginalPath + before.OriginalQueryString) ?? "" : "");

    public string RequestId => ResponseHeaders.RequestId(HttpContext);

    private string Kind => Status switch
    {
        401 => "SignedOut",
        403 => "Forbidden",
        404 or 405 => "NotFound",
        410 => "Gone",
        429 => "TooMany",
        < 500 => "BadRequest",
        503 => "Busy",
        _ => "Failed",
    };

    public IActionResult OnGet() => Show();

    public IActionResult OnPost() => Show();

    private PageResult Show()
    {
        if (HttpContext.Features.Get<IExceptionHandlerFeature>() is { } failed)
        {
            Status = EdgeFailure.Of(failed.Error, parts.Log, RequestId).Code switch
            {
                Core.ProblemCode.MalformedBody => 400,
                Core.ProblemCode.BodyTooLarge => 413,
                Core.ProblemCode.Overloaded => 503,
                _ => 500,
            };
        }
        else if (HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is not null)
        {
            Status = Response.StatusCode;
        }

        Response.StatusCode = Status;
        return Page();
    }
}
