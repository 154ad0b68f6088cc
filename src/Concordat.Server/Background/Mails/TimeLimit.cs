namespace Concordat.Server.Background.Mails;

/// <summary>Runs a step for so long at most, by the wall clock.</summary>
internal static class TimeLimit
{
    /// <summary>Throws <see cref="OperationCanceledException"/> when the time is over or <paramref name="cancel"/> says so.</summary>
    public static async Task<T> RunAsync<T>(TimeProvider wall, TimeSpan time, Func<CancellationToken, Task<T>> step, CancellationToken cancel)
    {
        using var timer = new CancellationTokenSource(time, wall);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        return await step(both.Token);
    }
}
