namespace Concordat.Core.Tests.Rules;

/// <summary>The files of the repository as people wrote them: no build output, no data of a sandbox, no packages.</summary>
internal static class SourceTree
{
    private static readonly string[] OutsideNames = [".git", "artifacts", "bin", "obj", "node_modules", "TestResults"];
    private static readonly string[] TextSuffixes =
    [
        ".cs", ".csproj", ".props", ".slnx", ".json", ".jsonl", ".md", ".sql", ".sh", ".yml", ".yaml", ".js", ".mjs", ".html",
        ".css", ".txt", ".http", ".csv", ".resx", ".cshtml", ".editorconfig", ".gitignore", "",
    ];

    public static string Root { get; } = FindRoot();

    /// <summary>Every text file below <paramref name="folders"/> (all of the repository when none is named).</summary>
    public static IEnumerable<SourceFile> Files(string suffix = "", params string[] folders) =>
        (folders.Length == 0 ? [Root] : folders.Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists))
        .SelectMany(Walk)
        .Where(path => path.EndsWith(suffix, StringComparison.Ordinal) && TextSuffixes.Contains(Path.GetExtension(path)))
        .Select(path => new SourceFile(Path.GetRelativePath(Root, path), File.ReadAllText(path)));

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder).Where(IsInside).SelectMany(Walk));

    private static bool IsInside(string folder)
    {
        var name = Path.GetFileName(folder);
        return !OutsideNames.Contains(name) && !name.StartsWith(".concordat", StringComparison.Ordinal);
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Concordat.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder;
    }
}

/// <summary>One file: its path from the root, with forward slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text);
