using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Concordat.Server.Tests.EndToEnd;

/// <summary>A child process with everything it printed; disposing it ends it.</summary>
internal sealed class Child : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly StringBuilder output = new();

    private Child(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The repository: where <c>./run</c> is.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Standard output and error so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    public int Id => process.Id;

    /// <summary>Starts <c>./run</c>.</summary>
    public static Child Run(params string[] args) => Start(Path.Combine(Root, "run"), args, []);

    /// <summary>Starts the server's program itself.</summary>
    public static Child Server(IReadOnlyList<string> args, params (string Name, string Value)[] environment) =>
        Start("dotnet", [typeof(Concordat.Server.Hosting.Parts).Assembly.Location, .. args], environment);

    public static Child Start(string program, IEnumerable<string> args, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new Child(Process.Start(start)!);
    }

    /// <summary>Waits for the end and answers the exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(late.Token);
        return process.ExitCode;
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        return await EndAsync();
    }

    /// <summary>Waits until the server at <paramref name="baseUrl"/> is ready; fails when the process ends before.</summary>
    public async Task ReadyAsync(string baseUrl)
    {
        using var http = new HttpClient();
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            Assert.False(process.HasExited, Output);
            try
            {
                if ((await http.GetAsync(new Uri($"{baseUrl}/health/ready"), late.Token)).StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, late.Token);
            }
        }
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private void Take(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Concordat.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder;
    }
}
