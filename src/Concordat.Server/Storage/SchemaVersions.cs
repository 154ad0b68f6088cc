using System.Globalization;

namespace Concordat.Server.Storage;

/// <summary>Keeps an older program away from a newer schema.</summary>
internal static class SchemaVersions
{
    public const string Table = "schema_versions";

    public static void RefuseNewer(IReadOnlyCollection<long> known, IReadOnlyList<(int Number, string Name, string Sql)> scripts)
    {
        var newest = known.Count == 0 ? 0 : known.Max();
        if (newest > scripts[^1].Number)
        {
            throw new UnsafeDatabaseException(string.Create(CultureInfo.InvariantCulture,
                $"The database has schema {newest}; this program knows {scripts[^1].Number}. Start the newer program."));
        }
    }
}
