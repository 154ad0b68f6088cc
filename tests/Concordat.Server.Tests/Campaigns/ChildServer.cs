using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Concordat.Server.Hosting;

namespace Concordat.Server.Tests.Campaigns;

/// <summary>The real program in a process of its own, so that it can be killed. Its address stays the same over restarts.</summary>
internal sealed class ChildServer(ServerOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly int port = FreePort();
    private Process? process;
    private string errors = "";

    public Uri BaseUrl => new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>What the program wrote to its error stream since it was started.</summary>
    public string Errors => errors;

    /// <summary>The admin agent's token of the first direct-bill partner; any start accepts it.</summary>
    public string Token { get; private set; } = "";

    private string PidFile => Path.Combine(options.DataDirectory, "server.pid");

    /// <summary>Starts the program and waits until it serves.</summary>
    public async Task StartAsync()
    {
        File.Delete(PidFile);
        process = Launch(options, port);
        errors = "";
        process.ErrorDataReceived += (_, line) => errors += line.Data + "\n";
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var waited = Stopwatch.StartNew();
        while (!File.Exists(PidFile))
        {
            Assert.False(process.HasExited, $"The server ended while starting: {errors}");
            Assert.True(waited.Elapsed < StartLimit, $"The server does not start: {errors}");
            await Task.Delay(10);
        }

        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(options.DataDirectory, "sandbox.json")))!;
        Token = file["partners"]![0]!["tokens"]!["adminAgent"]!.GetValue<string>();
    }

    /// <summary>SIGKILL: nothing of the process runs any more.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; answers the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {process!.Id}"]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Runs the program to its end, as when it refuses to start.</summary>
    public static async Task<(int ExitCode, string Errors)> RunAsync(ServerOptions options)
    {
        using var process = Launch(options, FreePort());
        process.BeginOutputReadLine();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await KillAsync();
        }

        process?.Dispose();
    }

    private static Process Launch(ServerOptions options, int port)
    {
        string[] args =
        [
            Path.Combine(AppContext.BaseDirectory, "Concordat.Server.dll"), options.Command,
            "--port", port.ToString(CultureInfo.InvariantCulture), "--data", options.DataDirectory,
            .. options.Postgres is { } postgres ? (string[])["--postgres", postgres] : [],
            .. options.Smtp is { } smtp ? (string[])["--smtp", string.Create(CultureInfo.InvariantCulture, $"{smtp.Host}:{smtp.Port}")] : [],
        ];
        // DOTNET_ROOT's own dotnet when the tests run under one that is not on the PATH.
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return Process.Start(new ProcessStartInfo(dotnet, args) { RedirectStandardError = true, RedirectStandardOutput = true })!;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
