using System.Globalization;

namespace Concordat.Bench.Harness;

/// <summary>The private PostgreSQL of a match, by scripts/postgres, with the durability settings of production.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private static readonly string Script = Path.Combine(Paths.Root, "scripts", "postgres");

    private readonly string folder;
    private readonly string connection;
    private readonly int id;

    private Cluster(string folder, string connection)
    {
        (this.folder, this.connection) = (folder, connection);
        id = int.Parse(File.ReadLines(Path.Combine(folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
    }

    /// <summary>Processor time of all its processes.</summary>
    public TimeSpan Cpu => ProcessTable.CpuOfFamily(id);

    public static async Task<Cluster> StartAsync(Settings settings, string name)
    {
        var folder = settings.NewFolder(name);
        var output = await Tool.RunAsync(Script, ["start", folder], [], settings.Cancel);
        return new Cluster(folder, output.Trim().Split('\n')[^1]);
    }

    /// <summary>Connection string of one of its databases.</summary>
    public string Connection(string database) => connection.Replace("Database=postgres", $"Database={database}", StringComparison.Ordinal);

    public async ValueTask DisposeAsync() => await Tool.RunAsync(Script, ["stop", folder], [], CancellationToken.None);
}
