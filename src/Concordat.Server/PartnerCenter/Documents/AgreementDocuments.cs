using Concordat.Core.Agreements.Texts;

namespace Concordat.Server.PartnerCenter.Documents;

/// <summary>The two renderings of an agreement text.</summary>
internal static class AgreementDocuments
{
    public const string HtmlContentType = "text/html; charset=utf-8";
    public const string WordContentType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    /// <summary>A self-contained page for the browser view. Without a nonce it carries no style at all.</summary>
    public static string RenderHtml(AgreementFile file, string? styleNonce = null) => HtmlPage.Render(AgreementTexts.Of(file), styleNonce);

    /// <summary>A Word file; the same bytes for the same file on every node.</summary>
    public static byte[] RenderDocx(AgreementFile file) => WordFile.Render(AgreementTexts.Of(file));

    /// <summary>A name for the download: <c>MicrosoftCustomerAgreement-v2-JP-ja-JP-SAMPLE.docx</c>.</summary>
    public static string FileName(AgreementFile file) =>
        FormattableString.Invariant($"{file.Type}-v{file.Version}-{file.Country}-{file.Language}-SAMPLE.docx");
}
