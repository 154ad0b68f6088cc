using Microsoft.Net.Http.Headers;

namespace Concordat.Server.Acceptance;

/// <summary>Whether a form comes from our own page in a browser, before anything of it is read.</summary>
internal static class Sending
{
    /// <summary>The status to refuse with; null when it may be read.</summary>
    public static int? Refusal(HttpRequest request, string ownOrigin)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        // Browsers that are too old for both headers send neither; the form's token stands alone then.
        if ((site.Length > 0 && site != "same-origin") || (origin.Length > 0 && origin != ownOrigin))
        {
            return 403;
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType == "application/x-www-form-urlencoded" ? null : 415;
    }
}
