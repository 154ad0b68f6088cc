using System.Globalization;

namespace Concordat.Server.Hosting;

/// <summary>How this process was started. Everything else is configuration (docs/operations.md).</summary>
/// <param name="Command"><c>sandbox</c>, <c>serve</c>, <c>migrate</c> or <c>check</c>.</param>
/// <param name="Port">Loopback port; 0 lets the system choose.</param>
/// <param name="DataDirectory">Where keys, the embedded database and the sandbox's files live.</param>
/// <param name="Postgres">Connection string; null means the embedded engine.</param>
/// <param name="Fresh">Empty the data first (sandbox only).</param>
internal sealed record ServerOptions(string Command, int Port, string DataDirectory, string? Postgres, bool Fresh)
{
    private static readonly string[] Commands = ["sandbox", "serve", "migrate", "check"];

    public bool IsSandbox => Command == "sandbox";

    /// <summary>Reads the command line; the message of a refusal is one line that names the option.</summary>
    public static ServerOptions Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || !Commands.Contains(args[0]))
        {
            throw new UsageException($"Say what to do: {string.Join(", ", Commands)}.");
        }

        var options = new ServerOptions(args[0], 5280, ".concordat", null, false);
        for (var i = 1; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--port" when int.TryParse(Value(args, ref i), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 =>
                    options with { Port = port },
                "--port" => throw new UsageException("--port takes a number from 0 to 65535."),
                "--data" => options with { DataDirectory = Value(args, ref i) },
                "--postgres" => options with { Postgres = Value(args, ref i) },
                "--fresh" when options.IsSandbox => options with { Fresh = true },
                "--fresh" => throw new UsageException("--fresh exists in the sandbox only."),
                // Settings in the form --Name=value go to the configuration.
                var setting when setting.StartsWith("--", StringComparison.Ordinal) && setting.Contains('=', StringComparison.Ordinal) => options,
                var unknown => throw new UsageException($"There is no option {unknown}."),
            };
        }

        return options;
    }

    private static string Value(IReadOnlyList<string> args, ref int i) =>
        i + 1 < args.Count ? args[++i] : throw new UsageException($"{args[i]} takes a value.");
}

/// <summary>The command line is wrong; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
