using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Html;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>
/// Keeps other sites from sending our forms: every form of a signed-in page carries a token that is bound to the session, and
/// a browser must say that the form came from a page of ours. The token is a keyed hash of the session, so it is stored
/// nowhere, good on every node, and gone with the session.
/// </summary>
/// <param name="key">The same on every node.</param>
internal sealed class AntiForgery(byte[] key)
{
    public const string Field = "formToken";

    public string TokenOf(byte[] sessionHash) => Base64Url.EncodeToString(HMACSHA256.HashData(key, sessionHash));

    /// <summary>True when the form carries the session's token.</summary>
    public static bool Matches(string? sent, SignedIn person) => sent is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(person.FormToken));

    /// <summary>
    /// True when the request says that it comes from this origin: by Sec-Fetch-Site, else by Origin (which browsers blank
    /// under our referrer policy). One that says neither comes from no browser that pages are made for.
    /// </summary>
    public static bool IsOurs(HttpRequest request, string origin) => request.Headers["Sec-Fetch-Site"].ToString() switch
    {
        "same-origin" => request.Headers.Origin.ToString() is "" or "null" || request.Headers.Origin == origin,
        "" => request.Headers.Origin == origin,
        _ => false,
    };

    /// <summary>The hidden field for a form in a page: <c>@AntiForgery.FieldOf(HttpContext)</c>.</summary>
    public static IHtmlContent FieldOf(HttpContext http) =>
        // The token is base64url: nothing in it needs encoding.
        new HtmlString($"<input type=\"hidden\" name=\"{Field}\" value=\"{http.Person().FormToken}\">");
}
