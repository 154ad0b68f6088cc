using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Acceptance;

/// <summary>
/// The shop around the page, where there is one. Only a partner's configured origins may frame it, and only one of them
/// is told about it, by messages that are hints: whoever wants to know asks the attestation.
/// </summary>
/// <param name="Origin">The configured origin that asked for messages; null for none.</param>
/// <param name="Nonce">What it wants to see in them, as it came; null for none.</param>
/// <param name="Framed">The browser says that the page stands in a frame.</param>
internal sealed record Embedding(string? Origin, string? Nonce, bool Framed)
{
    private const int LongestNonce = 64;

    /// <summary>Reads the request and says in the answer's headers who may frame it.</summary>
    public static Embedding Of(HttpContext http, Partner? partner)
    {
        var origins = partner?.EmbeddingOrigins ?? [];
        SecurityHeaders.AllowPage(http, origins);
        // Under "no-referrer" browsers would send our own forms with the origin "null".
        http.Response.Headers["Referrer-Policy"] = "same-origin";
        var origin = http.Request.Query["origin"].ToString();
        var nonce = http.Request.Query["nonce"].ToString();
        return new Embedding(
            origins.FirstOrDefault(known => known == origin),
            nonce.Length is > 0 and <= LongestNonce && nonce.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? nonce : null,
            http.Request.Headers["Sec-Fetch-Dest"] == "iframe");
    }
}
