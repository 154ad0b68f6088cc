namespace Concordat.Bench.Harness;

/// <summary>Where things are in the repository.</summary>
internal static class Paths
{
    public static string Root { get; } = FindRoot();

    public static string LoadScript => Path.Combine(Root, "bench", "lua", "call.lua");

    public static string Product => Path.Combine(Root, "artifacts", "bin", "Concordat.Server", "release", "Concordat.Server.dll");

    /// <summary>This program.</summary>
    public static string Bench => Path.Combine(AppContext.BaseDirectory, "Concordat.Bench.dll");

    public static string SlowSync => Path.Combine(Root, "artifacts", "bench", "slowsync.so");

    public static string StandIns => Path.Combine(Root, "bench", "standins", "node_modules", ".bin");

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Concordat.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new BenchException("This program runs inside the repository only.");
        }

        return folder;
    }
}
