using System.Globalization;

namespace Concordat.Server.Operations;

/// <summary>Which subscription went into which, and when (UTC, policy clock).</summary>
internal sealed record MoveResult(Guid Source, Guid Target, DateTimeOffset At)
{
    /// <summary>As it is remembered under a request key.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Source:D} {Target:D} {At.ToUnixTimeMilliseconds()}");

    public static MoveResult FromText(string text)
    {
        var parts = text.Split(' ');
        return new MoveResult(Guid.ParseExact(parts[0], "D"), Guid.ParseExact(parts[1], "D"),
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[2], CultureInfo.InvariantCulture)));
    }
}
