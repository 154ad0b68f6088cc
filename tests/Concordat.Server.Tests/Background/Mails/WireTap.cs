using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Concordat.Server.Tests.Background.Mails;

/// <summary>
/// A man in the middle: stands between the product and the mail server, keeps every byte that the product sends and may
/// change what the server answers.
/// </summary>
internal sealed class WireTap : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<int> server;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock sync = new();
    private readonly List<MemoryStream> said = [];
    private readonly Task running;
    private int open;

    public WireTap(Func<int> server)
    {
        this.server = server;
        listener.Start();
        running = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Changes an answer of the server: an empty one never arrives, null ends the connection.</summary>
    public Func<byte[], byte[]?> Answers { get; set; } = bytes => bytes;

    /// <summary>What the product has sent over each connection so far, a character per byte.</summary>
    public List<string> Said
    {
        get
        {
            lock (sync)
            {
                return [.. said.Select(one => Encoding.Latin1.GetString(one.ToArray()))];
            }
        }
    }

    /// <summary>Connections that have not ended.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>Rewrites answers that contain a text.</summary>
    public void Replace(string text, string by) => Answers = bytes =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace(text, by, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                conversations.Add(CarryAsync(await listener.AcceptTcpClientAsync(stopping.Token)));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                break;
            }
        }

        await Task.WhenAll(conversations);
    }

    private async Task CarryAsync(TcpClient client)
    {
        Interlocked.Increment(ref open);
        using var upstream = new TcpClient { NoDelay = true };
        using (client)
        {
            try
            {
                await upstream.ConnectAsync(IPAddress.Loopback, server(), stopping.Token);
                var kept = new MemoryStream();
                lock (sync)
                {
                    said.Add(kept);
                }

                var (near, far) = (client.GetStream(), upstream.GetStream());
                // Whoever ends it ends it for both.
                await Task.WhenAny(PumpAsync(near, far, bytes => Keep(kept, bytes)), PumpAsync(far, near, bytes => Answers(bytes)));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException)
            {
                // The mail server is not there, or the test is over.
            }
            finally
            {
                Interlocked.Decrement(ref open);
            }
        }
    }

    private byte[] Keep(MemoryStream kept, byte[] bytes)
    {
        lock (sync)
        {
            kept.Write(bytes);
        }

        return bytes;
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Func<byte[], byte[]?> change)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, stopping.Token) is > 0 and var read && change(buffer[..read]) is { } bytes)
            {
                await to.WriteAsync(bytes, stopping.Token);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Ended from one side or the other.
        }
    }
}
