namespace Concordat.Server.Hosting.Configuration;

/// <summary>
/// The words after the program's name: a command, then <c>--name value</c> or <c>--name=value</c> options and flags. Which
/// ones exist depends on the command.
/// </summary>
internal sealed class CommandLine
{
    private static readonly string[] Deployment = ["--config", "--data", "--postgres"];

    private static readonly Dictionary<string, (string[] Options, string[] Flags)> Commands = new(StringComparer.Ordinal)
    {
        ["sandbox"] = (["--port", "--shop-port", "--data", "--postgres", "--smtp"], ["--fresh"]),
        ["serve"] = (Deployment, []),
        ["migrate"] = (Deployment, ["--create-key"]),
        ["check"] = (Deployment, []),
        ["ledger policy"] = (Deployment, []),
        ["ledger check"] = ([.. Deployment, "--policy"], []),
        ["ledger rotate-key"] = (Deployment, []),
        ["partner list"] = (Deployment, []),
        ["partner add"] =
        (
            [
                .. Deployment, "--tenant", "--kind", "--name", "--domain", "--country", "--environment", "--mpn", "--provider",
                "--profile", "--switch", "--embedding-origin", "--alerts",
            ],
            ["--inactive", "--no-mpa"]
        ),
    };

    private readonly List<(string Name, string Value)> given = [];

    private CommandLine(string command) => Command = command;

    /// <summary><c>sandbox</c>, <c>serve</c>, <c>migrate</c>, <c>check</c>, <c>partner add</c> or <c>partner list</c>.</summary>
    public string Command { get; }

    /// <summary>Reads the words; a refusal is one line that names the option.</summary>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var words = args is ["partner" or "ledger", _, ..] ? 2 : 1;
        var command = string.Join(' ', args.Take(words));
        if (!Commands.TryGetValue(command, out var known))
        {
            throw new UsageException($"Say what to do: {string.Join(", ", Commands.Keys)}.");
        }

        var line = new CommandLine(command);
        for (var i = words; i < args.Count; i++)
        {
            var parts = args[i].Split('=', 2);
            if (known.Flags.Contains(args[i]))
            {
                line.given.Add((args[i], "true"));
            }
            else if (known.Options.Contains(parts[0]))
            {
                var value = parts.Length == 2 ? parts[1] : i + 1 < args.Count ? args[++i] : "";
                line.given.Add((parts[0], value.Length > 0 ? value : throw new UsageException($"{parts[0]} takes a value.")));
            }
            else
            {
                throw new UsageException($"{command} has no option {parts[0]}.");
            }
        }

        return line;
    }

    /// <summary>True when the flag was given.</summary>
    public bool Has(string flag) => given.Any(option => option.Name == flag);

    /// <summary>The last value given, or null.</summary>
    public string? Find(string name) => given.LastOrDefault(option => option.Name == name).Value;

    /// <summary>The value; its absence is a usage fault.</summary>
    public string Need(string name) => Find(name) ?? throw new UsageException($"{Command} needs {name}.");

    /// <summary>Every value of an option that may be repeated.</summary>
    public IEnumerable<string> All(string name) => given.Where(option => option.Name == name).Select(option => option.Value);
}

/// <summary>The command line is wrong; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
