namespace Concordat.Server.Hosting.SignIn;

/// <summary>Where a sign-in leads back to. Only a path of this service counts, so that no link of ours leads elsewhere.</summary>
internal static class ReturnPath
{
    private const int Longest = 1024;

    /// <summary>The path when it is one of ours; otherwise null. Letters outside ASCII must be escaped, as browsers do.</summary>
    public static string? Check(string? path)
    {
        if (path is not { Length: > 0 and <= Longest } || path[0] != '/' || path.Contains('\\', StringComparison.Ordinal)
            || path.Any(c => c is <= ' ' or > '~'))
        {
            return null;
        }

        // Two slashes in front name another host, also after a browser has resolved dots: /.//host, /x/..//host.
        return path.Split('?', '#')[0].Contains("//", StringComparison.Ordinal)
            || IsOfSignIn(path)
            || !Uri.TryCreate(new Uri("https://here.invalid"), path, out var resolved)
            || resolved.GetLeftPart(UriPartial.Authority) != "https://here.invalid"
            || resolved.AbsolutePath.Contains("//", StringComparison.Ordinal) ? null : path;
    }

    /// <summary>The path and query of the request, when it can be come back to.</summary>
    public static string? Of(HttpRequest request) => Check(request.Path.ToUriComponent() + request.QueryString.ToUriComponent());

    private static bool IsOfSignIn(string path) =>
        new PathString(Uri.UnescapeDataString(path.Split('?', '#')[0])).StartsWithSegments(SignInOptions.StartPath, StringComparison.OrdinalIgnoreCase);
}
