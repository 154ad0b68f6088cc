using System.Security.Cryptography;

namespace Concordat.Server.Hosting.Pages;

/// <summary>
/// Style sheet and scripts of the pages, from the program itself. Their addresses contain a digest of their bytes, so that
/// browsers keep them for good and a new release is seen at once.
/// </summary>
internal sealed class PageAssets
{
    private const string Folder = "/assets/";

    private static readonly Dictionary<string, Asset> ByPath = Load();

    private sealed record Asset(string Name, string ContentType, byte[] Body);

    /// <summary>The address of a file in <c>Hosting/Pages/Assets</c>; an unknown name is a bug.</summary>
    public static string PathOf(string name) => ByPath.First(pair => pair.Value.Name == name).Key;

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapMethods(Folder + "{file}", ["GET", "HEAD"], ServeAsync);

    private static Task ServeAsync(HttpContext http)
    {
        if (!ByPath.TryGetValue(http.Request.Path.Value!, out var asset))
        {
            http.Response.StatusCode = 404;
            return Task.CompletedTask;
        }

        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        http.Response.ContentType = asset.ContentType;
        http.Response.ContentLength = asset.Body.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(asset.Body, http.RequestAborted).AsTask();
    }

    private static Dictionary<string, Asset> Load()
    {
        const string prefix = "assets/";
        var assembly = typeof(PageAssets).Assembly;
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var body = new byte[stream.Length];
            stream.ReadExactly(body);
            var name = resource[prefix.Length..];
            var digest = Convert.ToHexStringLower(SHA256.HashData(body))[..16];
            var type = Path.GetExtension(name) switch
            {
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".svg" => "image/svg+xml",
                var other => throw new InvalidOperationException($"No content type is known for {other}."),
            };
            assets.Add($"{Folder}{Path.GetFileNameWithoutExtension(name)}.{digest}{Path.GetExtension(name)}", new Asset(name, type, body));
        }

        return assets;
    }
}
