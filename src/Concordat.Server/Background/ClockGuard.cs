namespace Concordat.Server.Background;

/// <summary>Says when the wall clock cannot be trusted to date a signature.</summary>
internal sealed class ClockGuard(TimeProvider wall)
{
    /// <summary>How far the wall clock may move against the one that only runs forward, since the start.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    private readonly DateTimeOffset started = wall.GetUtcNow();
    private readonly long startedTicks = wall.GetTimestamp();

    /// <summary>What is wrong; null when nothing is. <paramref name="last"/> is when the last signature was made.</summary>
    public string? Fault(DateTimeOffset? last)
    {
        var now = wall.GetUtcNow();
        var drift = now - started - wall.GetElapsedTime(startedTicks);
        return now < last ? $"the clock says {now:u}, and the last checkpoint was signed at {last:u}"
            : drift.Duration() > Tolerance ? $"the clock was moved by {drift.TotalSeconds:0} s since the start; restart when it is right"
            : null;
    }
}
