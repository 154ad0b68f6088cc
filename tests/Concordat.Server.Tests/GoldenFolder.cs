namespace Concordat.Server.Tests;

/// <summary>Where the samples and tables lie that tests read: <c>tests/Golden</c> of the repository.</summary>
internal static class GoldenFolder
{
    public static string Path { get; } = Find();

    public static string File(string name) => System.IO.Path.Combine(Path, name);

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(System.IO.Path.Combine(folder, "Concordat.slnx")))
        {
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return System.IO.Path.Combine(folder, "tests", "Golden");
    }
}
