using System.Collections.Concurrent;
using Concordat.Core.Agreements;

namespace Concordat.Server.PartnerCenter.Documents;

/// <summary>
/// The agreement texts and their two renderings. A further language is one file in <c>Texts</c>; a text that has no file
/// in the asked language is given in English.
/// </summary>
internal static class AgreementDocuments
{
    public const string HtmlContentType = "text/html; charset=utf-8";
    public const string WordContentType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    private static readonly int[] CustomerVersions = [1, 2];
    private static readonly int[] CloudVersions = [1];

    // A country changes one line only, so files are read once and kept, and texts are built per call.
    private static readonly ConcurrentDictionary<string, string> Sources = new(StringComparer.Ordinal);

    /// <summary>The versions that have a text, oldest first.</summary>
    public static IReadOnlyList<int> Versions(AgreementType type) => type switch
    {
        AgreementType.MicrosoftCustomerAgreement => CustomerVersions,
        AgreementType.MicrosoftCloudAgreement => CloudVersions,
    };

    /// <summary>The text; an unknown version is a bug in the caller.</summary>
    public static AgreementText Text(AgreementFile file)
    {
        if (!Versions(file.Type).Contains(file.Version)) throw new ArgumentOutOfRangeException(nameof(file), "No such version.");
        if (Source(file.Type, file.Language) is { } source) return AgreementText.Read(source, file);
        var english = file with { Language = TemplateCatalogue.DefaultLanguage };
        return AgreementText.Read(Source(file.Type, english.Language)!, english);
    }

    /// <summary>A self-contained page for the browser view. Without a nonce it carries no style at all.</summary>
    public static string RenderHtml(AgreementFile file, string? styleNonce = null) => HtmlPage.Render(Text(file), styleNonce);

    /// <summary>A Word file; the same bytes for the same file on every node.</summary>
    public static byte[] RenderDocx(AgreementFile file) => WordFile.Render(Text(file));

    /// <summary>A name for the download: <c>MicrosoftCustomerAgreement-v2-JP-ja-JP-SAMPLE.docx</c>.</summary>
    public static string FileName(AgreementFile file) =>
        FormattableString.Invariant($"{file.Type}-v{file.Version}-{file.Country}-{file.Language}-SAMPLE.docx");

    private static string? Source(AgreementType type, string language)
    {
        var name = type switch
        {
            AgreementType.MicrosoftCustomerAgreement => $"customer.{language}.md",
            AgreementType.MicrosoftCloudAgreement => $"cloud.{language}.md",
        };
        return Sources.TryGetValue(name, out var known) ? known : Load(name);
    }

    // Only names that exist are kept: languages come from outside.
    private static string? Load(string name)
    {
        using var stream = typeof(AgreementDocuments).Assembly.GetManifestResourceStream(name);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return Sources.GetOrAdd(name, reader.ReadToEnd());
    }
}
