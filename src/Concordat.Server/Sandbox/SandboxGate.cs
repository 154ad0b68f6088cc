namespace Concordat.Server.Sandbox;

/// <summary>
/// Keeps requests and a reset apart: a reset waits until the requests under way have been answered and holds new ones back
/// until it is done, so that nobody sees a half-empty sandbox.
/// </summary>
internal sealed class SandboxGate
{
    /// <summary>A client that takes longer to send its request makes the reset fail, not the other way round.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private TaskCompletionSource open = Completed();
    private TaskCompletionSource? empty;
    private Task lastReset = Task.CompletedTask;
    private int inside;

    /// <summary>
    /// Everything but the remote control and health passes here, and the issuer's token endpoint: a sign-in that is under way
    /// asks it, and must not wait for a reset that waits for the sign-in.
    /// </summary>
    public async Task PassAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.StartsWithSegments("/sandbox") || http.Request.Path.StartsWithSegments("/health")
            || IsTokenEndpoint(http.Request.Path.Value!))
        {
            await next(http);
            return;
        }

        while (!TryEnter(out var opened))
        {
            await opened.WaitAsync(http.RequestAborted);
        }

        try
        {
            await next(http);
        }
        finally
        {
            Leave();
        }
    }

    private static bool IsTokenEndpoint(string path) =>
        path.EndsWith("/oauth2/token", StringComparison.Ordinal) || path.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal);

    /// <summary>Runs <paramref name="action"/> alone. False when requests did not end in time; nothing was done then.</summary>
    public async Task<bool> TryRunAloneAsync(Func<Task> action)
    {
        var done = Completion();
        await Interlocked.Exchange(ref lastReset, done.Task);
        try
        {
            await Close().WaitAsync(LongestWait);
            await action();
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            Open();
            done.SetResult();
        }
    }

    private bool TryEnter(out Task opened)
    {
        lock (gate)
        {
            opened = open.Task;
            if (!opened.IsCompleted)
            {
                return false;
            }

            inside++;
            return true;
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            if (--inside == 0)
            {
                empty?.TrySetResult();
            }
        }
    }

    /// <summary>Done when the last request has left.</summary>
    private Task Close()
    {
        lock (gate)
        {
            open = Completion();
            empty = Completion();
            if (inside == 0)
            {
                empty.TrySetResult();
            }

            return empty.Task;
        }
    }

    private void Open()
    {
        lock (gate)
        {
            empty = null;
            open.TrySetResult();
        }
    }

    private static TaskCompletionSource Completed()
    {
        var source = Completion();
        source.SetResult();
        return source;
    }

    private static TaskCompletionSource Completion() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
