using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Server.Background.Mails.Smtp;

namespace Concordat.Server.Tests.Background.Mails;

/// <summary>A mail that the test's mail server has taken.</summary>
internal sealed record TakenMail(string From, string To, byte[] Raw, string? User, bool Secure)
{
    public string Text => Encoding.UTF8.GetString(Raw);

    public string MessageId => Header("Message-ID").Trim('<', '>');

    /// <summary>The value of a header as it came, unfolded.</summary>
    public string Header(string name) => Headers().Single(header => header.Name == name).Value;

    /// <summary>Every header in order, unfolded by the rules of RFC 5322 and by nothing of the product's.</summary>
    public IEnumerable<(string Name, string Value)> Headers()
    {
        var head = Text[..Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        var unfolded = head.Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal);
        return unfolded.Split("\r\n").Select(line => (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]));
    }
}

/// <summary>The npm package smtp-server in a process of its own (<c>tests/node/mail-server.js</c>), told how to behave.</summary>
internal sealed class TestMailServer : IAsyncDisposable
{
    /// <summary>Tests with short limits do not run beside one another: on a busy machine a limit would end what is only slow.</summary>
    public const string Collection = "mail server";

    private readonly ConcurrentQueue<TakenMail> mails = [];
    private readonly SemaphoreSlim told = new(0);
    private readonly TaskCompletionSource<int> port = new();
    private readonly string[] options;
    private Process process;

    private TestMailServer(string[] options, IReadOnlyDictionary<string, string> environment)
    {
        this.options = options;
        Environment = environment;
        process = Launch();
    }

    public int Port { get; private set; }

    /// <summary>Everything that was taken, in order.</summary>
    public IReadOnlyList<TakenMail> Mails => [.. mails];

    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>How the product is told about it, with limits short enough for tests.</summary>
    public SmtpSettings Settings => new("127.0.0.1", Port, SmtpTls.None, "notices@concordat.example")
    {
        Timeouts = new SmtpTimeouts
        {
            Connect = TimeSpan.FromSeconds(1.5),
            Banner = TimeSpan.FromSeconds(1.5),
            Command = TimeSpan.FromSeconds(1.5),
            Content = TimeSpan.FromSeconds(1.5),
        },
    };

    public static async Task<TestMailServer> StartAsync(params string[] options) => await StartAsync(options, new Dictionary<string, string>());

    public static async Task<TestMailServer> StartAsync(string[] options, IReadOnlyDictionary<string, string> environment)
    {
        var server = new TestMailServer(options, environment);
        server.Port = await server.port.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return server;
    }

    /// <summary>Misbehaves the next <paramref name="times"/> times.</summary>
    public async Task TellAsync(string mode, int times)
    {
        await process.StandardInput.WriteLineAsync(new JsonObject { ["mode"] = mode, ["times"] = times }.ToJsonString());
        await process.StandardInput.FlushAsync();
        Assert.True(await told.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    /// <summary>Nobody answers at its port any more.</summary>
    public async Task StopAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Answers again at the port it had.</summary>
    public async Task ReturnAsync()
    {
        process.Dispose();
        process = Launch();
        await Until.TrueAsync(async () =>
        {
            try
            {
                using var probe = new System.Net.Sockets.TcpClient();
                await probe.ConnectAsync("127.0.0.1", Port);
                return true;
            }
            catch (System.Net.Sockets.SocketException)
            {
                return false;
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
        told.Dispose();
    }

    private Process Launch()
    {
        var script = Path.Combine(GoldenFolder.Path, "..", "node", "mail-server.js");
        string[] fixedPort = Port == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"port={Port}")];
        var start = new ProcessStartInfo("node", [script, .. options, .. fixedPort])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        var launched = Process.Start(start)!;
        launched.OutputDataReceived += (_, line) => Take(line.Data);
        launched.BeginOutputReadLine();
        return launched;
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        var said = JsonNode.Parse(line)!;
        if (said["port"] is { } listens)
        {
            port.TrySetResult(listens.GetValue<int>());
        }
        else if (said["mail"] is { } mail)
        {
            mails.Enqueue(new TakenMail(
                said["from"]!.GetValue<string>(), said["to"]!.GetValue<string>(), Convert.FromBase64String(mail.GetValue<string>()),
                said["user"]?.GetValue<string>(), said["secure"]!.GetValue<bool>()));
        }
        else
        {
            told.Release();
        }
    }
}
