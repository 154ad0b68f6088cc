using System.Xml;
using Concordat.Core.Agreements.Texts;

namespace Concordat.Server.PartnerCenter.Documents;

/// <summary>The part <c>word/document.xml</c>: a paragraph per line of the text, each with a style.</summary>
internal static class WordDocument
{
    internal const string Space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    public static void Write(XmlWriter xml, AgreementText text)
    {
        var rightToLeft = Script.Of(text.File.Language).RightToLeft;
        xml.WriteStartElement("w", "document", Space);
        xml.WriteStartElement("body", Space);
        WriteParagraph(xml, "Notice", text.Notice, rightToLeft);
        WriteParagraph(xml, "Title", text.Title, rightToLeft);
        WriteParagraph(xml, "Normal", text.Edition, rightToLeft);
        foreach (var section in text.Sections)
        {
            WriteParagraph(xml, "Heading1", section.Heading, rightToLeft);
            WriteParagraph(xml, "Normal", section.Body, rightToLeft);
        }
        WritePage(xml, rightToLeft);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <summary>An element with <c>w:</c> attributes and no content.</summary>
    internal static void WriteValue(XmlWriter xml, string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name, Space);
        foreach (var (attribute, value) in attributes) xml.WriteAttributeString(attribute, Space, value);
        xml.WriteEndElement();
    }

    private static void WriteParagraph(XmlWriter xml, string style, string content, bool rightToLeft)
    {
        xml.WriteStartElement("p", Space);
        xml.WriteStartElement("pPr", Space);
        WriteValue(xml, "pStyle", ("val", style));
        if (rightToLeft) WriteValue(xml, "bidi");
        xml.WriteEndElement();
        xml.WriteStartElement("r", Space);
        if (rightToLeft)
        {
            xml.WriteStartElement("rPr", Space);
            WriteValue(xml, "rtl");
            xml.WriteEndElement();
        }
        xml.WriteElementString("t", Space, content);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    // A4 with 2.5 cm on each side, in twentieths of a point.
    private static void WritePage(XmlWriter xml, bool rightToLeft)
    {
        xml.WriteStartElement("sectPr", Space);
        WriteValue(xml, "pgSz", ("w", "11906"), ("h", "16838"));
        WriteValue(xml, "pgMar", ("top", "1418"), ("right", "1418"), ("bottom", "1418"), ("left", "1418"),
            ("header", "709"), ("footer", "709"), ("gutter", "0"));
        if (rightToLeft) WriteValue(xml, "bidi");
        xml.WriteEndElement();
    }
}
