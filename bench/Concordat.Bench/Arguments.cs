using System.Globalization;

namespace Concordat.Bench;

/// <summary>A command line of the form <c>command --name value --flag</c>.</summary>
internal sealed class Arguments(IReadOnlyList<string> args)
{
    public string Command { get; } = args.Count > 0 ? args[0] : "";

    public bool Has(string name) => args.Contains(name);

    public string? Text(string name)
    {
        for (var i = 1; i < args.Count - 1; i++)
        {
            if (args[i] == name)
            {
                return args[i + 1];
            }
        }

        return null;
    }

    public long Number(string name, long otherwise) =>
        Text(name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public static int Complain(string message)
    {
        Console.Error.WriteLine($"bench: {message}");
        return 2;
    }
}
