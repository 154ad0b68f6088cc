using System.IO.Compression;
using System.Text;
using System.Xml;
using Concordat.Core.Agreements.Texts;

namespace Concordat.Server.PartnerCenter.Documents;

/// <summary>
/// The Word download of an agreement text: an Office Open XML package (ECMA-376), small enough to write by hand. Entries
/// are stored uncompressed under a fixed time, so that the bytes depend on the text and not on the clock or on zlib.
/// </summary>
internal static class WordFile
{
    private const string Types = "http://schemas.openxmlformats.org/package/2006/content-types";
    private const string Relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Metadata = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";
    private const string Extended = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    private const string Dublin = "http://purl.org/dc/elements/1.1/";

    // The earliest time that a zip entry can carry.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static byte[] Render(AgreementText text)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "[Content_Types].xml", WriteContentTypes);
            Write(zip, "_rels/.rels", xml => WriteRelations(xml,
                ($"{Office}/officeDocument", "word/document.xml"),
                ("http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"),
                ($"{Office}/extended-properties", "docProps/app.xml")));
            Write(zip, "word/_rels/document.xml.rels", xml => WriteRelations(xml, ($"{Office}/styles", "styles.xml")));
            Write(zip, "word/document.xml", xml => WordDocument.Write(xml, text));
            Write(zip, "word/styles.xml", xml => WordStyles.Write(xml, text.File.Language));
            Write(zip, "docProps/core.xml", xml => WriteProperties(xml, text));
            Write(zip, "docProps/app.xml", WriteApplication);
        }
        return buffer.ToArray();
    }

    private static void Write(ZipArchive zip, string name, Action<XmlWriter> content)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Epoch;
        using var stream = entry.Open();
        using var xml = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false) });
        xml.WriteStartDocument(standalone: true);
        content(xml);
    }

    private static void WriteContentTypes(XmlWriter xml)
    {
        const string word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
        xml.WriteStartElement("Types", Types);
        WriteElement(xml, Types, "Default", ("Extension", "xml"), ("ContentType", "application/xml"));
        WriteElement(xml, Types, "Default",
            ("Extension", "rels"), ("ContentType", "application/vnd.openxmlformats-package.relationships+xml"));
        (string Part, string Type)[] parts =
        [
            ("/word/document.xml", $"{word}.document.main+xml"),
            ("/word/styles.xml", $"{word}.styles+xml"),
            ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
            ("/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"),
        ];
        foreach (var (part, type) in parts) WriteElement(xml, Types, "Override", ("PartName", part), ("ContentType", type));
        xml.WriteEndElement();
    }

    private static void WriteRelations(XmlWriter xml, params ReadOnlySpan<(string Type, string Target)> targets)
    {
        xml.WriteStartElement("Relationships", Relations);
        for (var i = 0; i < targets.Length; i++)
            WriteElement(xml, Relations, "Relationship",
                ("Id", FormattableString.Invariant($"rId{i + 1}")), ("Type", targets[i].Type), ("Target", targets[i].Target));
        xml.WriteEndElement();
    }

    private static void WriteProperties(XmlWriter xml, AgreementText text)
    {
        xml.WriteStartElement("cp", "coreProperties", Metadata);
        xml.WriteElementString("dc", "title", Dublin, text.Title);
        xml.WriteElementString("dc", "subject", Dublin, text.Notice);
        xml.WriteElementString("dc", "creator", Dublin, "Concordat");
        xml.WriteElementString("dc", "language", Dublin, text.File.Language);
        xml.WriteEndElement();
    }

    private static void WriteApplication(XmlWriter xml)
    {
        xml.WriteStartElement("Properties", Extended);
        xml.WriteElementString("Application", Extended, "Concordat");
        xml.WriteEndElement();
    }

    private static void WriteElement(
        XmlWriter xml, string space, string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name, space);
        foreach (var (attribute, value) in attributes) xml.WriteAttributeString(attribute, value);
        xml.WriteEndElement();
    }
}
