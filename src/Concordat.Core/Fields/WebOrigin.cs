namespace Concordat.Core.Fields;

/// <summary>
/// Origins of web pages as browsers name them: scheme, host and port, nothing else, no wildcard. They become part of a
/// header, so a text is only taken when it is an origin's one spelling.
/// </summary>
public static class WebOrigin
{
    /// <summary>
    /// <c>https://shop.example</c> or <c>https://shop.example:8443</c>, in lower case, the host in ASCII, without the scheme's
    /// own port; <c>http</c> for a loopback address if <paramref name="loopback"/> permits.
    /// </summary>
    public static Outcome<string> Parse(string? text, bool loopback, string field)
    {
        var good = Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && loopback))
            && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "", HostNameType: UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 }
            && !text!.Contains('*', StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace) && !text.Any(char.IsControl);
        return good
            ? new UriBuilder(uri!.Scheme, uri.IdnHost, uri.IsDefaultPort ? -1 : uri.Port).Uri.GetLeftPart(UriPartial.Authority)
            : new Problem(ProblemCode.InvalidInput, loopback
                ? "An origin is https://host or https://host:port, or http:// with a loopback host; no path, no wildcard."
                : "An origin is https://host or https://host:port; no path, no wildcard.", field);
    }
}
