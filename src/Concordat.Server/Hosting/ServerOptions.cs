using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Concordat.Server.Background.Mails;
using Concordat.Server.Background.Mails.Smtp;
using Concordat.Server.Hosting.Configuration;
using Npgsql;

namespace Concordat.Server.Hosting;

/// <summary>Where this process keeps its data and, in the sandbox, where it listens.</summary>
/// <param name="Command">See <see cref="CommandLine.Command"/>.</param>
/// <param name="Port">Loopback port of the sandbox; 0 lets the system choose.</param>
/// <param name="DataDirectory">Where keys, the embedded database and the sandbox's files live.</param>
/// <param name="Postgres">Connection string; null means the embedded engine.</param>
/// <param name="Fresh">Empty the data first (sandbox only).</param>
internal sealed record ServerOptions(string Command, int Port, string DataDirectory, string? Postgres, bool Fresh)
{
    public const string MasterKeyName = "master.key";

    private const int DefaultPort = 5280;

    public bool IsSandbox => Command == "sandbox";

    /// <summary>The mail server; null for none: a sandbox then keeps mails in its own mailbox, production lets them wait.</summary>
    public SmtpSettings? Smtp { get; init; }

    /// <summary>How many mails at once, and how often again.</summary>
    public MailPace MailPace { get; init; } = new();

    /// <summary>Where the master key is; in the data directory unless said otherwise.</summary>
    public string MasterKeyFile { get; init; } = Path.Combine(DataDirectory, MasterKeyName);

    /// <summary>A missing master key is made. Otherwise it is a fault: a new key could not open the people on record.</summary>
    public bool CreateKey { get; init; } = Command == "sandbox";

    /// <summary>Where the example storefront listens (sandbox only); null when there is none.</summary>
    public string? StorefrontUrl { get; init; }

    /// <summary>
    /// Scheme, host and port under which people reach the service, without a slash at the end. The sandbox's own address, or a
    /// setting: never what a request says of itself.
    /// </summary>
    public string PublicUrl { get; init; } = $"http://127.0.0.1:{Port}";

    /// <summary>The name of a ledger that begins here; one that exists keeps its own.</summary>
    public string LedgerOrigin => Command == "sandbox" ? "sandbox.concordat.example/ledger/1" : $"{new Uri(PublicUrl).Authority}/ledger/1";

    /// <summary>Where the last checkpoint is kept outside the database; null when the operator has waived that.</summary>
    public string? LedgerAnchorFile { get; init; } = Path.Combine(DataDirectory, "ledger.anchor");

    /// <summary>The same with a free port in place of 0, for a sandbox that is about to listen.</summary>
    public ServerOptions WithPort()
    {
        var port = Port == 0 ? FreePort() : Port;
        return this with { Port = port, PublicUrl = $"http://127.0.0.1:{port}" };
    }

    /// <summary>The sandbox's options; they come from the command line alone.</summary>
    public static ServerOptions ForSandbox(CommandLine line)
    {
        var port = PortOf(line, "--port", DefaultPort);
        var shop = PortOf(line, "--shop-port", 0);
        var postgres = line.Find("--postgres");
        if (postgres is not null && !IsConnectionString(postgres))
        {
            throw new UsageException("--postgres takes an Npgsql connection string with a host and a database.");
        }

        var smtp = line.Find("--smtp") is { } server
            ? MailSettings.ForSandbox(server) ?? throw new UsageException("--smtp takes HOST:PORT of a mail server.")
            : null;
        return new ServerOptions(line.Command, port, line.Find("--data") ?? ".concordat", postgres, line.Has("--fresh"))
        {
            StorefrontUrl = shop == 0 ? null : $"http://127.0.0.1:{shop}",
            Smtp = smtp,
        };
    }

    private static int PortOf(CommandLine line, string option, int otherwise)
    {
        if (line.Find(option) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new UsageException($"{option} takes a number from 0 to 65535.");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>True when Npgsql can read it and it names host and database.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            return !string.IsNullOrEmpty(builder.Host) && !string.IsNullOrEmpty(builder.Database);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
