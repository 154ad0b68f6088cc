namespace Concordat.Server.Tests.Ledger;

/// <summary>The system's clock with somebody's hand on it. What runs forward only is not moved.</summary>
internal sealed class MovableClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
