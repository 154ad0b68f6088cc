using System.Net;

namespace Concordat.Server.Hosting.Configuration;

/// <summary>Where the service listens.</summary>
internal sealed record ListenAddress(IPEndPoint EndPoint, bool Tls)
{
    /// <summary>Reads <c>http://127.0.0.1:5280</c> or <c>https://*:8443</c>; a host is an IP address, <c>localhost</c> or <c>*</c>.</summary>
    public static ListenAddress? TryParse(string url)
    {
        if (url.Split("://", 2) is not [var scheme and ("http" or "https"), var rest]
            || !Uri.TryCreate($"{scheme}://{(rest.StartsWith("*:", StringComparison.Ordinal) ? "[::]" + rest[1..] : rest)}", UriKind.Absolute, out var uri)
            || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
        {
            return null;
        }

        var address = uri.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(uri.Host, out var ip) ? ip : null;
        return address is null ? null : new ListenAddress(new IPEndPoint(address, uri.Port), scheme == "https");
    }
}
