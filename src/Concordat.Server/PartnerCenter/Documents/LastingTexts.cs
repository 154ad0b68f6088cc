using System.Buffers.Text;
using System.Text;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;

namespace Concordat.Server.PartnerCenter.Documents;

/// <summary>Shows the text behind a lasting link, as it stood when the link was made, or not at all.</summary>
internal static class LastingTexts
{
    public static void Map(IEndpointRouteBuilder endpoints, Parts parts) =>
        endpoints.MapMethods(TextLinks.Path + "{token}", ["GET", "HEAD"], http => ShowAsync(http, parts));

    private static async Task ShowAsync(HttpContext http, Parts parts)
    {
        var text = parts.TextLinks.Find((string)http.Request.RouteValues["token"]!, out var same);
        if (text is null || !same)
        {
            http.Response.StatusCode = text is null ? 404 : 410;
            return;
        }

        var nonce = Nonce(parts);
        var body = Encoding.UTF8.GetBytes(HtmlPage.Render(text, nonce));
        http.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        http.Response.ContentType = AgreementDocuments.HtmlContentType;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    private static string Nonce(Parts parts)
    {
        Span<byte> random = stackalloc byte[16];
        parts.Context.Ids.Fill(random);
        return Base64Url.EncodeToString(random);
    }
}
