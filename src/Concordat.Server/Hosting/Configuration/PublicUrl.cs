namespace Concordat.Server.Hosting.Configuration;

/// <summary>Where people reach the service; what every link begins with that leaves it in a document, a page or a mail.</summary>
internal static class PublicUrl
{
    /// <summary>
    /// Reads <c>https://concordat.example</c> or <c>https://concordat.example:8443/</c>; plain http for a loopback address only.
    /// Null for anything else. The result has no slash at the end, and a host in ASCII.
    /// </summary>
    public static string? TryRead(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "", HostNameType: not UriHostNameType.Unknown, Port: > 0 }
            ? Of(uri)
            : null;

    /// <summary>The address of a service that only its own machine reaches; null when it listens beyond it.</summary>
    public static string? OfLoopback(List<ListenAddress> addresses) =>
        addresses is [var first, ..] && addresses.All(address => System.Net.IPAddress.IsLoopback(address.EndPoint.Address))
            ? Of(new Uri($"{(first.Tls ? "https" : "http")}://{first.EndPoint}"))
            : null;

    private static string Of(Uri uri) =>
        new UriBuilder(uri.Scheme, uri.IdnHost, uri.IsDefaultPort ? -1 : uri.Port).Uri.GetLeftPart(UriPartial.Authority);
}
