using System.Reflection;

namespace Concordat.Server.Storage;

/// <summary>The numbered SQL scripts embedded in the program, and the one dialect rule they use.</summary>
internal static class SchemaScripts
{
    /// <summary>Scripts in order: number, name, text for that engine.</summary>
    public static IReadOnlyList<(int Number, string Name, string Sql)> For(string engine)
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string marker = ".Schema.";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.Contains(marker, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => (Resource: name, Name: name[(name.IndexOf(marker, StringComparison.Ordinal) + marker.Length)..]))
            .OrderBy(script => script.Name, StringComparer.Ordinal)
            .Select(script => (int.Parse(script.Name.AsSpan(0, 4), null), script.Name, Uncomment(Read(assembly, script.Resource), engine)))];
    }

    /// <summary>Uncomments what stands between <c>/*engine</c> and <c>*/</c>; text for the other engine stays a comment.</summary>
    public static string Uncomment(string sql, string engine)
    {
        var opening = $"/*{engine}";
        var at = 0;
        while ((at = sql.IndexOf(opening, at, StringComparison.Ordinal)) >= 0)
        {
            var end = sql.IndexOf("*/", at, StringComparison.Ordinal);
            sql = string.Concat(sql.AsSpan(0, at), sql.AsSpan(at + opening.Length, end - at - opening.Length), sql.AsSpan(end + 2));
        }

        return sql;
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
