using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Concordat.Bench.Harness;

/// <summary>
/// A process of this run. Its output goes to a log file; it is asked to end by its own id and killed when it does not.
/// </summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly string log;
    private readonly Stopwatch clock = Stopwatch.StartNew();

    private Child(Process process, string log, int port) => (this.process, this.log, Port) = (process, log, port);

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    public int Id => process.Id;

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Cpu => ProcessTable.CpuOf(process.Id);

    public long ResidentBytes => ProcessTable.ResidentBytesOf(process.Id);

    public static Child Start(string log, int port, string file, IEnumerable<string> args, params (string Name, string Value)[] environment)
    {
        // The shell replaces itself, so that the id is the server's own.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", log, file, .. args]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new Child(Process.Start(start)!, log, port);
    }

    /// <summary>Time from the start of the process to the first 200 of <paramref name="path"/>.</summary>
    public async Task<TimeSpan> AnswersAsync(string path, string? token, CancellationToken cancel)
    {
        using var http = new HttpClient();
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            using var request = new HttpRequestMessage(HttpMethod.Get, Url + path);
            request.Headers.TryAddWithoutValidation("Authorization", token is null ? null : $"Bearer {token}");
            try
            {
                using var response = await http.SendAsync(request, cancel);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return clock.Elapsed;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            if (process.HasExited || clock.Elapsed > TimeSpan.FromMinutes(5))
            {
                throw new BenchException($"{path} of {process.StartInfo.ArgumentList[3]} does not answer 200:\n{await File.ReadAllTextAsync(log, cancel)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var limit = new CancellationTokenSource(Patience);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }

        process.Dispose();
    }

    /// <summary>A port of the loopback address that is free now.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

/// <summary>The measurement cannot go on; the message says why.</summary>
internal sealed class BenchException(string message) : Exception(message);
