using System.Buffers.Text;
using System.Text;
using System.Text.Json.Serialization;
using Concordat.Core.Agreements.Texts;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Hosting;
using Concordat.Server.PartnerCenter.Documents;

namespace Concordat.Server.PartnerCenter;

internal sealed record WireDocument(string DisplayUri, string DownloadUri, string Language, string Country);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WireDocument))]
internal sealed partial class DocumentJson : JsonSerializerContext;

/// <summary>
/// The text of the Customer Agreement: links to it for callers with a token, and the files behind the links for whoever
/// holds one in the next five minutes, as with the real service.
/// </summary>
internal static class TemplateDocuments
{
    private const string Expired =
        "This link to an agreement document has expired; such links work for five minutes. Ask for a new one.\n"
        + "この契約書へのリンクは有効期限（5分）が切れています。新しいリンクを取得してください。\n";

    private const string Unknown = "There is no document under this address.\nこのアドレスに文書はありません。\n";

    public static void Map(WireRoutes routes) => routes.Get("agreementtemplates/{template}/document", Access.ReadAgreements, LinksAsync,
        new("Hands out five-minute links to an agreement's text.", Response: typeof(WireDocument)));

    /// <summary>The files; outside <c>/v1</c> and without a token, as browsers fetch them.</summary>
    public static void MapFiles(IEndpointRouteBuilder endpoints, Parts parts)
    {
        LastingTexts.Map(endpoints, parts);
        string[] methods = ["GET", "HEAD"];
        endpoints.MapMethods(AgreementLinks.PreviewPath + "{token}", methods, http => ServeAsync(http, parts, PreviewAsync));
        endpoints.MapMethods(AgreementLinks.DownloadPath + "{token}", methods, http => ServeAsync(http, parts, DownloadAsync));
    }

    private static Task LinksAsync(Call call)
    {
        if (!call.Id("template").TryGetValue(out var id, out var problem))
        {
            return call.RefuseAsync(problem);
        }

        // The Cloud Agreement was never offered as a document, and there is no text before the first version.
        const AgreementType type = AgreementType.MicrosoftCustomerAgreement;
        var environment = call.Partner.Environment;
        var version = AgreementVersions.BuiltIn.InForceAt(type, call.Parts.Context.PolicyNow(environment));
        if (TemplateCatalogue.Find(id)?.Type != type || version == 0)
        {
            return call.RefuseAsync(new Problem(ProblemCode.NotFound, "There is no document of such a template.", "templateId"));
        }

        if (!TemplateCatalogue.Resolve(call.Query("country"), call.Query("language")).TryGetValue(out var locale, out problem))
        {
            return call.RefuseAsync(problem);
        }

        var token = call.Parts.Links.Create(new AgreementFile(type, version, locale.Country, locale.Language), environment);
        var host = call.Parts.PublicUrl;
        return call.RespondAsync(200, new WireDocument(
            host + AgreementLinks.PreviewPath + token, host + AgreementLinks.DownloadPath + token, locale.Language, locale.Country),
            DocumentJson.Default.WireDocument);
    }

    private static Task ServeAsync(HttpContext http, Parts parts, Func<HttpContext, Parts, AgreementFile, Task> serve)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = Policy(styles: "'none'");
        headers["Referrer-Policy"] = "no-referrer";
        return parts.Links.Read((string)http.Request.RouteValues["token"]!, out var file) switch
        {
            LinkState.Live => serve(http, parts, file),
            LinkState.Expired => WriteAsync(http, 410, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(Expired)),
            LinkState.Forged => WriteAsync(http, 404, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(Unknown)),
        };
    }

    private static Task PreviewAsync(HttpContext http, Parts parts, AgreementFile file)
    {
        Span<byte> random = stackalloc byte[16];
        parts.Context.Ids.Fill(random);
        var nonce = Base64Url.EncodeToString(random);
        http.Response.Headers.ContentSecurityPolicy = Policy($"'nonce-{nonce}'");
        return WriteAsync(http, 200, AgreementDocuments.HtmlContentType, Encoding.UTF8.GetBytes(AgreementDocuments.RenderHtml(file, nonce)));
    }

    private static Task DownloadAsync(HttpContext http, Parts parts, AgreementFile file)
    {
        // The name is made of ASCII letters, digits and hyphens, so it needs no other form.
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{AgreementDocuments.FileName(file)}\"";
        return WriteAsync(http, 200, AgreementDocuments.WordContentType, AgreementDocuments.RenderDocx(file));
    }

    private static string Policy(string styles) =>
        $"default-src 'none'; style-src {styles}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static Task WriteAsync(HttpContext http, int status, string contentType, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }
}
