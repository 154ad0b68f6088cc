using System.Net;
using System.Net.Sockets;

namespace Concordat.Server.Tests.Hosting;

/// <summary>The line between a server and its database, which a test can cut or let hang.</summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly (string Host, int Port) target;
    private readonly List<TcpClient> ends = [];
    private readonly Task accepting;
    private TaskCompletionSource flowing = new();
    private volatile bool cut;

    public Line(string host, int port)
    {
        target = (host, port);
        flowing.SetResult();
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Ends every connection and refuses new ones.</summary>
    public void Cut()
    {
        cut = true;
        lock (ends)
        {
            ends.ForEach(end => end.Dispose());
            ends.Clear();
        }
    }

    /// <summary>Keeps the connections, takes new ones, and carries nothing.</summary>
    public void Hang() => flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Carries everything again, also what was held back.</summary>
    public void Heal()
    {
        cut = false;
        flowing.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Heal();
        listener.Stop();
        await accepting;
        Cut();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var near = await listener.AcceptTcpClientAsync();
                if (cut)
                {
                    near.Dispose();
                    continue;
                }

                var far = new TcpClient(target.Host, target.Port);
                lock (ends)
                {
                    ends.AddRange([near, far]);
                }

                _ = CarryAsync(near, far);
                _ = CarryAsync(far, near);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[8192];
        try
        {
            int count;
            while ((count = await from.GetStream().ReadAsync(buffer)) > 0)
            {
                await flowing.Task;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Either side has gone, and the other goes with it.
        }

        from.Dispose();
        to.Dispose();
    }
}
