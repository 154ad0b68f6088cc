using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Concordat.Core.Agreements.Texts;
using Concordat.Core.Agreements;
using Concordat.Server.PartnerCenter.Documents;

namespace Concordat.Server.Tests.PartnerCenter.Documents;

public class AgreementDocumentsTests
{
    private static readonly XNamespace Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    public static TheoryData<string> Languages => [.. TemplateCatalogue.Languages];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Text_EveryLanguage_HasItsOwnCompleteText(string language)
    {
        var text = AgreementTexts.Of(Customer(language));
        Assert.Equal(language, text.File.Language);
        Assert.Equal(9, text.Sections.Count);
        Assert.Equal(1, TemplateCatalogue.Languages.Count(other => AgreementTexts.Of(Customer(other)).Title == text.Title
            && AgreementTexts.Of(Customer(other)).Sections.SequenceEqual(text.Sections)));
        Assert.Contains("Microsoft", text.Sections[0].Body, StringComparison.Ordinal);
        Assert.Contains("2", text.Edition, StringComparison.Ordinal);
        Assert.Contains("JP", text.Edition, StringComparison.Ordinal);
        Assert.DoesNotContain('{', text.Plain);
        Assert.StartsWith(text.Notice + "\n", text.Plain, StringComparison.Ordinal);
        Assert.All(text.Sections, section => Assert.True(section is { Heading.Length: > 0, Body.Length: > 10 }));
    }

    [Fact]
    public void Text_EarlierVersion_LacksTheLaterSection()
    {
        var first = AgreementTexts.Of(Customer("en-US", version: 1));
        Assert.Equal(8, first.Sections.Count);
        Assert.NotEqual(first.Sha256.ToArray(), AgreementTexts.Of(Customer("en-US")).Sha256.ToArray());
    }

    [Fact]
    public void Text_Hash_IsOfThePlainTextInUtf8()
    {
        var text = AgreementTexts.Of(Customer("ja-JP"));
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(text.Plain)), text.Sha256.ToArray());
        Assert.Equal(Encoding.UTF8.GetByteCount(text.Plain), text.Length);
        Assert.NotEqual(text.Sha256.ToArray(),
            AgreementTexts.Of(Customer("ja-JP") with { Country = "US" }).Sha256.ToArray());
    }

    [Theory]
    [InlineData("ja-JP", "ja-JP")]
    [InlineData("en-US", "en-US")]
    [InlineData("de-DE", "en-US")]
    public void Text_CloudAgreement_IsInTwoLanguages(string asked, string given)
    {
        var file = new AgreementFile(AgreementType.MicrosoftCloudAgreement, 1, "DE", asked);
        Assert.Equal(given, AgreementTexts.Of(file).File.Language);
    }

    [Fact]
    public void Text_UnknownVersion_IsABugInTheCaller() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AgreementTexts.Of(Customer("en-US", version: 3)));

    [Theory]
    [MemberData(nameof(Languages))]
    public void RenderHtml_EveryLanguage_IsWellFormedWithLanguageAndHeadings(string language)
    {
        var html = AgreementDocuments.RenderHtml(Customer(language));
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        var root = Xml(html).Root!;
        Assert.Equal(language, root.Attribute("lang")!.Value);
        Assert.Equal(language is "ar-SA" or "he-IL" ? "rtl" : "ltr", root.Attribute("dir")!.Value);
        Assert.Single(root.Descendants("h1"));
        Assert.Equal(9, root.Descendants("h2").Count());
        Assert.Empty(root.Descendants("script"));
        Assert.Empty(root.Descendants("style"));
        Assert.Empty(root.DescendantsAndSelf().Attributes("style"));
        Assert.Equal(AgreementTexts.Of(Customer(language)).Plain,
            string.Join('\n', root.Descendants().Where(e => e.Name.LocalName is "p" or "h1" or "h2").Select(e => e.Value)));
    }

    [Fact]
    public void RenderHtml_WithNonce_CarriesOneStyleWithIt()
    {
        var style = Xml(AgreementDocuments.RenderHtml(Customer("en-US"), "r4nd\"om")).Descendants("style").Single();
        Assert.Equal("r4nd\"om", style.Attribute("nonce")!.Value);
        Assert.Contains("@media print", style.Value, StringComparison.Ordinal);
        Assert.DoesNotContain('&', style.Value);
        Assert.DoesNotContain('<', style.Value);
        Assert.DoesNotContain('>', style.Value);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void RenderDocx_EveryLanguage_IsAPackageOfWellFormedParts(string language)
    {
        using var zip = new ZipArchive(new MemoryStream(AgreementDocuments.RenderDocx(Customer(language))));
        Assert.Equal("[Content_Types].xml", zip.Entries[0].FullName);
        Assert.All(zip.Entries, entry => Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime));
        var parts = zip.Entries.ToDictionary(entry => entry.FullName, Part);
        Assert.Equal(7, parts.Count);

        var paragraphs = parts["word/document.xml"].Descendants(Word + "p").ToList();
        Assert.Equal(AgreementTexts.Of(Customer(language)).Plain, string.Join('\n', paragraphs.Select(p => p.Value)));
        var styles = paragraphs.Descendants(Word + "pStyle").Attributes(Word + "val");
        Assert.Equal(9, styles.Count(style => style.Value == "Heading1"));
        var rightToLeft = language is "ar-SA" or "he-IL";
        Assert.Equal(rightToLeft ? paragraphs.Count : 0, paragraphs.Descendants(Word + "bidi").Count());
        Assert.Equal(rightToLeft ? paragraphs.Count : 0, paragraphs.Descendants(Word + "rtl").Count());
        Assert.Contains(language, parts["word/styles.xml"].Descendants(Word + "lang").Attributes().Select(a => a.Value));
        Assert.Contains(parts["docProps/core.xml"].Descendants(), e => e.Name.LocalName == "language" && e.Value == language);
    }

    [Fact]
    public void RenderDocx_Package_DeclaresAndRelatesEveryPart()
    {
        using var zip = new ZipArchive(new MemoryStream(AgreementDocuments.RenderDocx(Customer("ja-JP"))));
        var names = zip.Entries.Select(entry => entry.FullName).ToHashSet();
        var declared = Part(zip.GetEntry("[Content_Types].xml")!).Descendants()
            .Attributes("PartName").Select(a => a.Value.TrimStart('/'));
        var related = Part(zip.GetEntry("_rels/.rels")!).Descendants().Attributes("Target").Select(a => a.Value);
        Assert.Subset(names, declared.ToHashSet());
        Assert.Subset(names, related.ToHashSet());
        var used = Part(zip.GetEntry("word/document.xml")!).Descendants(Word + "pStyle").Attributes()
            .Select(a => a.Value).ToHashSet();
        var styles = Part(zip.GetEntry("word/styles.xml")!).Descendants(Word + "style")
            .Attributes(Word + "styleId").Select(a => a.Value);
        Assert.Subset(styles.ToHashSet(), used);
    }

    [Fact]
    public void RenderDocx_Twice_IsTheSameBytes() =>
        Assert.Equal(AgreementDocuments.RenderDocx(Customer("ja-JP")), AgreementDocuments.RenderDocx(Customer("ja-JP")));

    [Fact]
    public void FileName_File_SaysThatItIsASample() => Assert.Equal(
        "MicrosoftCustomerAgreement-v2-JP-ja-JP-SAMPLE.docx", AgreementDocuments.FileName(Customer("ja-JP")));

    private static AgreementFile Customer(string language, int version = 2) =>
        new(AgreementType.MicrosoftCustomerAgreement, version, "JP", language);

    private static XDocument Part(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        return XDocument.Load(stream);
    }

    private static XDocument Xml(string html)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore };
        using var reader = XmlReader.Create(new StringReader(html), settings);
        return XDocument.Load(reader);
    }
}
