using Concordat.Core.Policy;

namespace Concordat.Server.Hosting;

/// <summary>
/// The two kinds of clock. The wall clock drives tokens, sessions, ids, signatures and retention; a policy clock per
/// environment drives the gate, date checks, link expiry and due times. No other code reads the time.
/// </summary>
internal sealed class Clocks(TimeProvider wall)
{
    private readonly PolicyClock production = new(wall);
    private readonly PolicyClock sandbox = new(wall);

    public TimeProvider Wall { get; } = wall;

    public PolicyClock Policy(PartnerEnvironment environment) =>
        environment == PartnerEnvironment.Sandbox ? sandbox : production;
}

/// <summary>A clock that runs at the wall clock's speed, moved by an offset that only the sandbox sets.</summary>
internal sealed class PolicyClock(TimeProvider wall) : TimeProvider
{
    private long offsetTicks;

    /// <summary>How far this clock is ahead of the wall clock; zero outside the sandbox.</summary>
    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref offsetTicks));
        set => Interlocked.Exchange(ref offsetTicks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => wall.GetUtcNow() + Offset;
}
