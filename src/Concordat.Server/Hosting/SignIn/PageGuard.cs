using Concordat.Core;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>
/// What stands before every page: refuses what no attribute opens, sends people who are not signed in to sign in and back,
/// asks again for a second factor where a page wants one, and lets no other site send our forms.
/// </summary>
internal sealed class PageGuard(SignInFlow flow, Parts parts)
{
    /// <summary>Put after the routing; what is no page and carries none of the attributes passes.</summary>
    public Task RunAsync(HttpContext http, RequestDelegate next)
    {
        var endpoint = http.GetEndpoint()?.Metadata;
        if (endpoint?.GetMetadata<OpenPageAttribute>() is { } open)
        {
            return open.SandboxOnly && !parts.Options.IsSandbox ? Refuse(http, 404) : next(http);
        }

        var access = endpoint?.GetMetadata<PageAccessAttribute>();
        if (access is null && endpoint?.GetMetadata<SignedInPageAttribute>() is null)
        {
            return endpoint?.GetMetadata<PageActionDescriptor>() is { } page
                ? throw new InvalidOperationException($"The page {page.ViewEnginePath} says for whom it is by none of [OpenPage], [SignedInPage] and [PageAccess].")
                : next(http);
        }

        return flow.IsOn ? AdmitAsync(http, access, next) : Refuse(http, 404);
    }

    private async Task AdmitAsync(HttpContext http, PageAccessAttribute? access, RequestDelegate next)
    {
        var reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (await parts.Sessions.FindAsync(http) is not { } person)
        {
            await AskAsync(http, reads, stepUp: null);
            return;
        }

        if (access is not null && !access.Admits(person))
        {
            await Refuse(http, 403);
            return;
        }

        if (!reads && !await IsOurFormAsync(http, person))
        {
            Telemetry.CountRefusal(ProblemCode.NotPermitted);
            await Refuse(http, 403);
            return;
        }

        if (access is { StepUp: true } && !person.IsSteppedUp(parts.Context.Clocks.Wall.GetUtcNow()))
        {
            await AskAsync(http, reads, person);
            return;
        }

        http.Admit(person);
        await next(http);
    }

    /// <summary>
    /// A page that somebody opens sends them to the issuer and back. A form cannot be sent twice, and what a script or a
    /// picture asks for cannot sign anybody in: both get 401, whose page offers to sign in.
    /// </summary>
    private Task AskAsync(HttpContext http, bool reads, SignedIn? stepUp)
    {
        var mode = http.Request.Headers["Sec-Fetch-Mode"].ToString();
        if (!reads || mode is not ("" or "navigate") || http.Request.Headers["Sec-Purpose"].Count > 0)
        {
            return Refuse(http, 401);
        }

        flow.Start(http, ReturnPath.Of(http.Request), stepUp);
        return Task.CompletedTask;
    }

    private async Task<bool> IsOurFormAsync(HttpContext http, SignedIn person)
    {
        if (!AntiForgery.IsOurs(http.Request, flow.Origin) || !http.Request.HasFormContentType)
        {
            return false;
        }

        try
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            return form[AntiForgery.Field] is [var sent] && AntiForgery.Matches(sent, person);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static Task Refuse(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
