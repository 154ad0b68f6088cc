using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;

namespace Concordat.Server.Sandbox;

/// <summary>What can be asked of the policy clock: exactly one of the two.</summary>
internal sealed record ClockRequest(string? Environment, DateTimeOffset? Set, double? AdvanceSeconds, string? Advance);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ClockRequest))]
internal sealed partial class ControlJson : JsonSerializerContext;

/// <summary>
/// The sandbox's remote control under <c>/sandbox</c>: read and move the policy clock of an environment, start over. It
/// needs no token and exists in the sandbox only, which listens on loopback.
/// </summary>
internal sealed class SandboxControl(SandboxClock clock, Parts parts, Func<Task> reset)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox", StateAsync);
        routes.MapGet("/sandbox/clock", StateAsync);
        routes.MapPost("/sandbox/clock", MoveAsync);
        routes.MapPost("/sandbox/reset", async http =>
        {
            await reset();
            await StateAsync(http);
        });
    }

    private async Task StateAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("wall", Text(parts.Context.Clocks.Wall.GetUtcNow()));
        json.WriteStartObject("clocks");
        foreach (var environment in Enum.GetValues<PartnerEnvironment>())
        {
            json.WriteString(JsonNamingPolicy.CamelCase.ConvertName(environment.ToString()), Text(parts.Context.PolicyNow(environment)));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private async Task MoveAsync(HttpContext http)
    {
        if (await ReadAsync(http) is not { } request || request.Fault() is { } fault)
        {
            http.Response.StatusCode = 400;
            await http.Response.WriteAsync(
                "Send {\"environment\":\"production|sandbox\",\"set\":\"2025-10-07T00:00:00Z\"} or {..., \"advanceSeconds\":1740}. " +
                "Without an environment both clocks move.");
            return;
        }

        foreach (var environment in request.Environments())
        {
            await (request.Set is { } instant
                ? clock.SetAsync(environment, instant)
                : clock.AdvanceAsync(environment, request.By()!.Value));
        }

        await StateAsync(http);
    }

    private static async Task<ClockRequestReading?> ReadAsync(HttpContext http)
    {
        try
        {
            var request = await JsonSerializer.DeserializeAsync(http.Request.Body, ControlJson.Default.ClockRequest, http.RequestAborted);
            return request is null ? null : new ClockRequestReading(request);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Makes sense of a clock request.</summary>
internal sealed class ClockRequestReading(ClockRequest request)
{
    public DateTimeOffset? Set => request.Set;

    /// <summary>The step: seconds, or an ISO 8601 or <c>d.hh:mm:ss</c> duration.</summary>
    public TimeSpan? By()
    {
        if (request.AdvanceSeconds is { } seconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        if (TimeSpan.TryParse(request.Advance, CultureInfo.InvariantCulture, out var span))
        {
            return span;
        }

        try
        {
            return request.Advance is null ? null : System.Xml.XmlConvert.ToTimeSpan(request.Advance);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>What is wrong, or null.</summary>
    public string? Fault() =>
        (request.Set is null) == (By() is null) ? "Say either set or advance." :
        request.Environment is { } word && !Enum.TryParse<PartnerEnvironment>(word, ignoreCase: true, out _) ? "environment is production or sandbox." : null;

    public IEnumerable<PartnerEnvironment> Environments() => request.Environment is { } word
        ? [Enum.Parse<PartnerEnvironment>(word, ignoreCase: true)]
        : Enum.GetValues<PartnerEnvironment>();
}
