using System.Diagnostics;

namespace Concordat.Server.Tests;

/// <summary>Waits for what happens beside the requests.</summary>
internal static class Until
{
    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    /// <summary>Looks every 10 ms, for 10 s at most; answers how long it took.</summary>
    public static async Task<TimeSpan> TrueAsync(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), "It did not come about within 10 seconds.");
            await Task.Delay(10);
        }

        return watch.Elapsed;
    }
}
