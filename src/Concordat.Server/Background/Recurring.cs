namespace Concordat.Server.Background;

/// <summary>
/// Runs one kind of work over and over: once at the start, then at an interval. A pass that fails is logged and the next
/// one is tried; disposing lets a running pass finish.
/// </summary>
internal sealed class Recurring : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Task loop;

    public Recurring(string name, TimeSpan every, Func<Task> pass, TimeProvider wall, ILogger log) =>
        loop = Task.Run(() => RunAsync(name, every, pass, wall, log));

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    private async Task RunAsync(string name, TimeSpan every, Func<Task> pass, TimeProvider wall, ILogger log)
    {
        using var timer = new PeriodicTimer(every, wall);
        do
        {
            try
            {
                await pass();
            }
            catch (Exception error)
            {
                log.LogError(error, "A pass of {Work} failed; it is tried again after {Every}.", name, every);
            }
        }
        while (await NextAsync(timer));
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
