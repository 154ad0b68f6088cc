using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Hosting;

/// <summary>Handles one authorised call.</summary>
internal delegate Task Handler(Call call);

/// <summary>What stands before every handler.</summary>
internal sealed class Guard(Authentication authentication, Parts parts)
{
    private const int OperatorLength = 128;

    /// <summary>Admits the caller and runs <paramref name="handler"/>, or refuses in the edge's own words.</summary>
    public Task RunAsync(HttpContext http, Edge edge, Access access, Handler handler)
    {
        var authorization = http.Request.Headers.Authorization;
        if (authorization.Count > 1)
        {
            return edge.RefuseAsync(http, new Problem(ProblemCode.TokenInvalid, "Send one Authorization header."), Switches.Default);
        }

        string? header = authorization;
        var hasBody = !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method);
        if (hasBody || header is null || !authentication.TryRemembered(header, out var caller))
        {
            return RunLaterAsync(http, edge, access, handler, hasBody);
        }

        // A read with a token seen before: nothing to wait for.
        return Admit(http, edge, access, caller).TryGetValue(out var call, out var problem)
            ? handler(call)
            : edge.RefuseAsync(http, problem, Switches.Default);
    }

    private async Task RunLaterAsync(HttpContext http, Edge edge, Access access, Handler handler, bool hasBody)
    {
        var result = await authentication.AuthenticateAsync(http.Request.Headers.Authorization, http.RequestAborted);
        var entry = result.TryGetValue(out var caller, out var problem) ? Admit(http, edge, access, caller) : problem;
        if (!entry.TryGetValue(out var call, out problem))
        {
            Telemetry.CountRefusal(problem.Code);
            LogEvents.AccessRefused(parts.Log, problem.Code, ResponseHeaders.RequestId(http));
            await edge.RefuseAsync(http, problem, Switches.Default);
            return;
        }

        if (hasBody)
        {
            var read = await RequestBodies.ReadAsync(http);
            if (!read.TryGetValue(out var body, out problem))
            {
                await edge.RefuseAsync(http, problem, Switches.Default);
                return;
            }

            call.Body = body;
        }

        await handler(call);
    }

    private Outcome<Call> Admit(HttpContext http, Edge edge, Access access, Caller caller)
    {
        if (parts.Directory.Find(caller.Tenant) is not { } partner)
        {
            return new Problem(ProblemCode.TokenInvalid, "The token's tenant is not a partner of this service.");
        }

        if (Check(caller, partner, access) is { } problem)
        {
            return problem;
        }

        var name = http.Request.Headers["X-Concordat-Operator"].ToString();
        if (name.Length > OperatorLength || name.Any(char.IsControl))
        {
            return new Problem(ProblemCode.InvalidInput, "X-Concordat-Operator takes 128 characters at most, no control characters.", "X-Concordat-Operator");
        }

        if (name.Length == 0 && caller.Kind == CallerKind.AppOnly && partner.Switches.OperatorRequiredForAppOnly && Writes(http, access))
        {
            return new Problem(ProblemCode.OperatorRequired, "Name the employee behind this call in the header X-Concordat-Operator.", "X-Concordat-Operator");
        }

        return new Call(http, parts, edge, caller, partner, name.Length == 0 ? null : name);
    }

    private static bool Writes(HttpContext http, Access access) =>
        !access.ChangesNothing && !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method);

    private Problem? Check(Caller caller, Partner partner, Access access)
    {
        if (caller.Kind == CallerKind.AppOnly)
        {
            if (!access.AppOnly)
            {
                return new Problem(ProblemCode.AppOnlyNotSupported, "This call takes App+User tokens only. Sign a user in and repeat it.");
            }
        }
        else
        {
            if (!access.User)
            {
                return new Problem(ProblemCode.UserTokenNotSupported, "This call takes App-only tokens only. Use the client credentials of your application.");
            }

            if (!caller.Mfa && partner.Switches.MfaRequired)
            {
                return new Problem(ProblemCode.MfaRequired, "The token shows no multi-factor authentication. Sign in again with a second factor.");
            }
        }

        var roles = parts.Directory.RolesOf(caller);
        var needed = caller.Kind == CallerKind.AppOnly ? Roles.Application : access.Roles;
        if ((roles & needed) == 0)
        {
            return new Problem(ProblemCode.NotPermitted, "The caller's role does not permit this call.");
        }

        return partner.MayAttest || access.Resellers
            ? null
            : new Problem(ProblemCode.NotPermitted, access.Attests
                ? "Indirect resellers cannot attest. Hand the customer's acceptance over to your indirect provider."
                : "Indirect resellers cannot make this call.");
    }
}
