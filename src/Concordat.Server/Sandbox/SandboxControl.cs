using System.Globalization;
using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;

namespace Concordat.Server.Sandbox;

/// <summary>
/// The sandbox's remote control under <c>/sandbox</c>: read and move the policy clock of an environment, start over
/// (docs/sandbox.md). It needs no token and exists in the sandbox only, which listens on loopback.
/// </summary>
internal sealed class SandboxControl(SandboxClock clock, Parts parts, SandboxGate gate, Func<Task> reset)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox", StateAsync);
        routes.MapGet("/sandbox/clock", StateAsync);
        routes.MapGet("/sandbox/mails", MailsAsync);
        routes.MapPost("/sandbox/clock", http => FromScriptsOnlyAsync(http, MoveAsync));
        routes.MapPost("/sandbox/reset", http => FromScriptsOnlyAsync(http, ResetAsync));
    }

    /// <summary>A page that somebody has open in a browser must not move the clock: browsers name the page's origin.</summary>
    private static Task FromScriptsOnlyAsync(HttpContext http, RequestDelegate next) => http.Request.Headers.Origin.Count == 0
        ? next(http)
        : RefuseAsync(http, 403, new Problem(ProblemCode.NotPermitted, "The remote control is not for web pages."));

    private Task StateAsync(HttpContext http) => WriteAsync(http, 200, json =>
    {
        json.WriteString("wall", Text(parts.Context.Clocks.Wall.GetUtcNow()));
        json.WriteStartObject("clocks");
        foreach (var environment in Enum.GetValues<PartnerEnvironment>())
        {
            json.WriteString(JsonNamingPolicy.CamelCase.ConvertName(environment.ToString()), Text(parts.Context.PolicyNow(environment)));
        }

        json.WriteEndObject();
    });

    /// <summary>What the mailbox keeps, newest first, for tests of storefronts.</summary>
    private Task MailsAsync(HttpContext http) => WriteAsync(http, parts.Mailbox is null ? 404 : 200, json =>
    {
        json.WriteStartArray("mails");
        foreach (var mail in parts.Mailbox?.All ?? [])
        {
            json.WriteStartObject();
            json.WriteString("messageId", mail.MessageId);
            json.WriteString("at", Text(mail.At));
            json.WriteString("to", mail.Words.Address);
            json.WriteString("name", mail.Words.Name);
            json.WriteString("language", mail.Words.Language);
            json.WriteString("subject", mail.Words.Subject);
            json.WriteString("text", mail.Words.Text);
            json.WriteString("html", mail.Words.Html);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private async Task ResetAsync(HttpContext http)
    {
        if (await gate.TryRunAloneAsync(reset))
        {
            await StateAsync(http);
            return;
        }

        http.Response.Headers.RetryAfter = "1";
        await RefuseAsync(http, 503, new Problem(ProblemCode.Overloaded, "Requests are still under way; nothing was reset. Try again."));
    }

    private async Task MoveAsync(HttpContext http)
    {
        var outcome = await ReadAsync(http);
        if (!outcome.TryGetValue(out var move, out var problem))
        {
            await RefuseAsync(http, 400, problem);
            return;
        }

        foreach (var environment in move.Environments)
        {
            await (move.To is { } instant ? clock.SetAsync(environment, instant) : clock.AdvanceAsync(environment, move.By));
        }

        await StateAsync(http);
    }

    private async Task<Outcome<ClockMove>> ReadAsync(HttpContext http)
    {
        // Whatever Content-Type it claims: curl -d says it sends a form.
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return JsonBody.Read(body.GetBuffer().AsSpan(0, (int)body.Length), ControlJson.Default.ClockRequest).TryGetValue(out var request, out var malformed)
            ? request.Read(parts.Context.PolicyNow)
            : malformed;
    }

    private static Task RefuseAsync(HttpContext http, int status, Problem problem) => WriteAsync(http, status, json =>
    {
        json.WriteString("error", problem.Code.ToString());
        json.WriteString("message", problem.Message);
        if (problem.Field is not null)
        {
            json.WriteString("field", problem.Field);
        }
    });

    private static async Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> members)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
