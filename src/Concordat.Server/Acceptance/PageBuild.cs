using System.Security.Cryptography;
using Concordat.Server.Hosting.Pages;

namespace Concordat.Server.Acceptance;

/// <summary>
/// Which page it was: the digest of the templates, the style sheet and the script that make it. It goes on the record of
/// every answer, so that the screen of that day can be made again from the source.
/// </summary>
internal static class PageBuild
{
    private const string Prefix = "templates/";

    /// <summary>16 hexadecimal digits.</summary>
    public static string Id { get; } = Compute();

    private static string Compute()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var assembly = typeof(PageBuild).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            hash.AppendData(SHA256.HashData(stream));
        }

        // The addresses carry the digests of the files.
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes(PageAssets.PathOf("concordat.css") + PageAssets.PathOf("acceptance.js")));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
