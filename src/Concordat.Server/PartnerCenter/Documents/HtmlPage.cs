using System.Text;
using System.Xml;
using Concordat.Core.Agreements.Texts;

namespace Concordat.Server.PartnerCenter.Documents;

/// <summary>
/// The browser view of an agreement text: HTML that is well-formed XML too, without script, image or outside reference,
/// so that a saved copy stays readable.
/// </summary>
internal static class HtmlPage
{
    private const string Style =
        "body{margin:2rem auto;max-width:42rem;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;color:#1b1b1b;background:#fff}"
        + ".notice{border:2px solid #a4262c;padding:.5rem 1rem;font-weight:600}"
        + "h1{line-height:1.25}h2{margin-bottom:.25rem;font-size:1.15rem}h2+p{margin-top:0}"
        + "@media print{body{margin:0;max-width:none;font-size:11pt}h2{break-after:avoid}section{break-inside:avoid}}";

    public static string Render(AgreementText text, string? styleNonce)
    {
        // The writer's own document type has a blank before the bracket.
        var html = new StringBuilder("<!DOCTYPE html>\n");
        var settings = new XmlWriterSettings { OmitXmlDeclaration = true };
        using (var xml = XmlWriter.Create(html, settings))
        {
            xml.WriteStartElement("html");
            xml.WriteAttributeString("lang", text.File.Language);
            xml.WriteAttributeString("dir", Script.Of(text.File.Language).RightToLeft ? "rtl" : "ltr");
            WriteHead(xml, text, styleNonce);
            WriteBody(xml, text);
            xml.WriteEndElement();
        }
        return html.Append('\n').ToString();
    }

    private static void WriteHead(XmlWriter xml, AgreementText text, string? styleNonce)
    {
        xml.WriteStartElement("head");
        WriteMeta(xml, "charset", "utf-8", null);
        WriteMeta(xml, "name", "viewport", "width=device-width, initial-scale=1");
        WriteMeta(xml, "name", "robots", "noindex");
        WriteMeta(xml, "name", "agreement-text-sha256", Convert.ToHexStringLower(text.Sha256.Span));
        xml.WriteElementString("title", text.Title);
        if (styleNonce is not null)
        {
            xml.WriteStartElement("style");
            xml.WriteAttributeString("nonce", styleNonce);
            xml.WriteString(Style);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void WriteMeta(XmlWriter xml, string name, string value, string? content)
    {
        xml.WriteStartElement("meta");
        xml.WriteAttributeString(name, value);
        if (content is not null) xml.WriteAttributeString("content", content);
        xml.WriteEndElement();
    }

    private static void WriteBody(XmlWriter xml, AgreementText text)
    {
        xml.WriteStartElement("body");
        xml.WriteStartElement("main");
        xml.WriteStartElement("p");
        xml.WriteAttributeString("class", "notice");
        xml.WriteString(text.Notice);
        xml.WriteEndElement();
        xml.WriteElementString("h1", text.Title);
        xml.WriteElementString("p", text.Edition);
        foreach (var section in text.Sections)
        {
            xml.WriteStartElement("section");
            xml.WriteElementString("h2", section.Heading);
            xml.WriteElementString("p", section.Body);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        xml.WriteEndElement();
    }
}
