using System.Globalization;
using System.Text.Json.Serialization;
using System.Xml;
using Concordat.Core;
using Concordat.Core.Policy;

namespace Concordat.Server.Sandbox;

/// <summary>
/// What can be asked of the policy clock: exactly one of <c>set</c> (an instant), <c>advance</c> (<c>P30D</c>, <c>PT29M</c> or
/// <c>d.hh:mm:ss</c>) and <c>advanceSeconds</c>. Without an environment both clocks move.
/// </summary>
internal sealed record ClockRequest(string? Environment, DateTimeOffset? Set, double? AdvanceSeconds, string? Advance)
{
    // Where every date of the timeline lies, with room; the ends of DateTimeOffset would overflow on the way.
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What is to be done, or what is wrong.</summary>
    public Outcome<ClockMove> Read(Func<PartnerEnvironment, DateTimeOffset> now)
    {
        if (new object?[] { Set, AdvanceSeconds, Advance }.Count(member => member is not null) != 1)
        {
            return Wrong("Say one of set (an instant such as 2025-10-07T00:00:00Z), advance (P30D, PT29M) and advanceSeconds.", "set");
        }

        var environment = PartnerEnvironment.Production;
        if (Environment is not null
            && (char.IsAsciiDigit(Environment.FirstOrDefault()) || !Enum.TryParse(Environment, ignoreCase: true, out environment)))
        {
            return Wrong("environment is production or sandbox; without it both clocks move.", "environment");
        }

        PartnerEnvironment[] environments = Environment is null ? Enum.GetValues<PartnerEnvironment>() : [environment];
        var step = TimeSpan.Zero;
        if (Set is null && !TryStep(out step))
        {
            return Wrong("advance is a duration such as P30D, PT29M or 30.00:00:00; advanceSeconds is a number.", "advance");
        }

        var move = new ClockMove(environments, Set, step);
        return environments.All(one => Set is { } instant ? IsInRange(instant) : step.Duration() < Latest - Earliest && IsInRange(now(one) + step))
            ? move
            : Wrong("The clock runs from 2000-01-01 to 2100-01-01.", Set is null ? "advance" : "set");
    }

    private bool TryStep(out TimeSpan step)
    {
        step = TimeSpan.Zero;
        try
        {
            step = AdvanceSeconds is { } seconds ? TimeSpan.FromSeconds(seconds)
                : TimeSpan.TryParse(Advance, CultureInfo.InvariantCulture, out var span) ? span : XmlConvert.ToTimeSpan(Advance!);
            return true;
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            return false;
        }
    }

    private static bool IsInRange(DateTimeOffset instant) => instant >= Earliest && instant < Latest;

    private static Problem Wrong(string message, string field) => new(ProblemCode.InvalidInput, message, field);
}

/// <summary>A move of some clocks: to an instant, or by a step.</summary>
internal sealed record ClockMove(IReadOnlyList<PartnerEnvironment> Environments, DateTimeOffset? To, TimeSpan By);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ClockRequest))]
internal sealed partial class ControlJson : JsonSerializerContext;
