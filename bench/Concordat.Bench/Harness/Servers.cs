using System.Globalization;
using System.Text.Json.Nodes;

namespace Concordat.Bench.Harness;

/// <summary>A running product: its process, a token of the admin agent, and the CPU of it and its database.</summary>
internal sealed record Product(Child Process, string Token, Func<TimeSpan> Cpu) : IAsyncDisposable
{
    public Contender Contender(string name, Load load) =>
        new(name, (seconds, cancel) => load.RunAsync(Process.Url, Token, Cpu, seconds, cancel));

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}

/// <summary>Starts what is measured.</summary>
internal static class Servers
{
    /// <summary>Fills a directory (or the database behind <paramref name="postgres"/>) with the customers of the settings.</summary>
    public static Task FillAsync(Settings settings, string data, long customers, long confirmed, string? postgres = null, bool standings = false) =>
        Tool.RunAsync("dotnet",
        [
            Paths.Bench, "fill", "--data", data, "--customers", Text(customers), "--confirmed", Text(confirmed),
            .. postgres is null ? (string[])[] : ["--postgres", postgres], .. standings ? (string[])["--standings"] : [],
        ], [], settings.Cancel);

    /// <summary>The product as <c>./run</c> starts it, on a filled directory.</summary>
    public static Task<Product> ProductAsync(Settings settings, string data, Cluster? cluster = null, params (string, string)[] environment)
    {
        var port = Child.FreePort();
        string[] args =
        [
            Paths.Product, "sandbox", "--port", Text(port), "--data", data,
            .. cluster is null ? (string[])[] : ["--postgres", cluster.Connection("concordat")],
        ];
        return StartAsync(settings, data, port, args, cluster, environment);
    }

    /// <summary>The product in a process of ours with many more customers in memory.</summary>
    public static Task<Product> CrowdedAsync(Settings settings, string data, long customers)
    {
        var port = Child.FreePort();
        return StartAsync(settings, data, port, [Paths.Bench, "crowded", "--port", Text(port), "--data", data, "--customers", Text(customers)], null, []);
    }

    /// <summary>One of the peers of this program, listening.</summary>
    public static async Task<Child> PeerAsync(Settings settings, string name, string ready, params string[] more)
    {
        var port = Child.FreePort();
        var child = Child.Start(Path.Combine(settings.Folder, name + ".log"), port, "dotnet", [Paths.Bench, name, "--port", Text(port), .. more]);
        await child.AnswersAsync(ready, null, settings.Cancel);
        return child;
    }

    /// <summary>The admin agent's token in the file that the sandbox writes.</summary>
    public static string TokenIn(string data) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(data, "sandbox.json")))!["partners"]![0]!["tokens"]!["adminAgent"]!.GetValue<string>();

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<Product> StartAsync(
        Settings settings, string data, int port, string[] args, Cluster? cluster, (string, string)[] environment)
    {
        File.Delete(Path.Combine(data, "sandbox.json"));
        var child = Child.Start(Path.Combine(data, "server.log"), port, "dotnet", args, environment);
        await child.AnswersAsync("/health/ready", null, settings.Cancel);
        // The file is written after the port has opened.
        while (!File.Exists(Path.Combine(data, "sandbox.json")) || new FileInfo(Path.Combine(data, "sandbox.json")).Length == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), settings.Cancel);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(200), settings.Cancel);
        return new Product(child, TokenIn(data), () => child.Cpu + (cluster?.Cpu ?? TimeSpan.Zero));
    }
}
