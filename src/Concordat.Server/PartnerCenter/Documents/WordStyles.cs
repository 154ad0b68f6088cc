using System.Xml;
using Concordat.Core.Agreements.Texts;
using static Concordat.Server.PartnerCenter.Documents.WordDocument;

namespace Concordat.Server.PartnerCenter.Documents;

/// <summary>The part <c>word/styles.xml</c>. Built-in names, so that Word's outline and screen readers see headings.</summary>
internal static class WordStyles
{
    public static void Write(XmlWriter xml, string language)
    {
        xml.WriteStartElement("w", "styles", Space);
        WriteDefaults(xml, language);
        WriteStyle(xml, new("Normal", "Normal", HalfPoints: 22, Bold: false, SpaceBefore: 0, Outline: null));
        WriteStyle(xml, new("Title", "Title", HalfPoints: 40, Bold: true, SpaceBefore: 240, Outline: null));
        WriteStyle(xml, new("Heading1", "heading 1", HalfPoints: 26, Bold: true, SpaceBefore: 240, Outline: "0"));
        WriteStyle(xml, new("Notice", "Notice", HalfPoints: 22, Bold: true, SpaceBefore: 0, Outline: null));
        xml.WriteEndElement();
    }

    private static void WriteDefaults(XmlWriter xml, string language)
    {
        var script = Script.Of(language);
        xml.WriteStartElement("docDefaults", Space);
        xml.WriteStartElement("rPrDefault", Space);
        xml.WriteStartElement("rPr", Space);
        WriteValue(xml, "rFonts", ("ascii", "Calibri"), ("hAnsi", "Calibri"),
            ("eastAsia", script.EastAsianFont ?? "Calibri"), ("cs", "Arial"));
        // Word keeps one language per class of script; the other classes stay English.
        WriteValue(xml, "lang", ("val", script.Complex || script.EastAsianFont is not null ? "en-US" : language),
            ("eastAsia", script.EastAsianFont is null ? "en-US" : language), ("bidi", script.Complex ? language : "ar-SA"));
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    // The order of the elements is the schema's; Word refuses another.
    private static void WriteStyle(XmlWriter xml, ParagraphStyle style)
    {
        xml.WriteStartElement("style", Space);
        xml.WriteAttributeString("type", Space, "paragraph");
        if (style.Id == "Normal") xml.WriteAttributeString("default", Space, "1");
        xml.WriteAttributeString("styleId", Space, style.Id);
        WriteValue(xml, "name", ("val", style.Name));
        if (style.Id != "Normal")
        {
            WriteValue(xml, "basedOn", ("val", "Normal"));
            WriteValue(xml, "next", ("val", "Normal"));
        }
        WriteValue(xml, "qFormat");
        xml.WriteStartElement("pPr", Space);
        if (style.Outline is not null) WriteValue(xml, "keepNext");
        WriteValue(xml, "spacing", ("before", FormattableString.Invariant($"{style.SpaceBefore}")), ("after", "120"));
        if (style.Outline is { } level) WriteValue(xml, "outlineLvl", ("val", level));
        xml.WriteEndElement();
        xml.WriteStartElement("rPr", Space);
        if (style.Bold)
        {
            WriteValue(xml, "b");
            WriteValue(xml, "bCs");
        }
        var size = FormattableString.Invariant($"{style.HalfPoints}");
        WriteValue(xml, "sz", ("val", size));
        WriteValue(xml, "szCs", ("val", size));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <param name="Id">What paragraphs refer to.</param>
    /// <param name="Name">Word's own name for it.</param>
    /// <param name="HalfPoints">Size of the letters.</param>
    /// <param name="Bold">Weight.</param>
    /// <param name="SpaceBefore">In twentieths of a point.</param>
    /// <param name="Outline">Level in the document map; null outside it.</param>
    private readonly record struct ParagraphStyle(
        string Id, string Name, int HalfPoints, bool Bold, int SpaceBefore, string? Outline);
}
