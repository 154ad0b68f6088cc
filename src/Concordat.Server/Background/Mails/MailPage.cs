using System.Globalization;
using System.Net;
using System.Text;
using Concordat.Server.Hosting.Pages;

namespace Concordat.Server.Background.Mails;

/// <summary>A piece of a mail, the same in both of its forms.</summary>
internal abstract record MailBlock
{
    /// <summary>A paragraph of fixed text with values in it.</summary>
    public sealed record Paragraph(string Text) : MailBlock;

    /// <summary>A name and a value on a line of their own.</summary>
    public sealed record Fact(string Name, string Value) : MailBlock;

    /// <summary>A link with the words that say what it does.</summary>
    public sealed record Link(string Words, string Url) : MailBlock;

    /// <summary>A short line that somebody types in somewhere, such as a code.</summary>
    public sealed record Code(string Text) : MailBlock;
}

/// <summary>Writes the two forms of a mail. The page loads nothing, runs nothing, and has no style that a reader must trust.</summary>
internal static class MailPage
{
    public static string Text(IReadOnlyList<MailBlock> blocks)
    {
        var text = new StringBuilder();
        MailBlock? before = null;
        foreach (var block in blocks)
        {
            if (before is not null && !(before is MailBlock.Fact && block is MailBlock.Fact))
            {
                text.Append('\n');
            }

            text.Append(block switch
            {
                MailBlock.Fact fact => $"{fact.Name}: {fact.Value}\n",
                MailBlock.Link link => $"{link.Words}:\n{link.Url}\n",
                MailBlock.Code code => $"    {code.Text}\n",
                MailBlock.Paragraph paragraph => paragraph.Text + "\n",
                _ => throw new ArgumentException("There is no such block.", nameof(blocks)),
            });
            before = block;
        }

        return text.ToString();
    }

    public static string Html(Texts texts, string title, IReadOnlyList<MailBlock> blocks)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"{texts.Language}\" dir=\"{texts.Direction}\">\n<head><meta charset=\"utf-8\">")
            .Append(CultureInfo.InvariantCulture, $"<title>{Safe(title)}</title></head>\n<body>\n<h1>{Safe(title)}</h1>\n");
        for (var i = 0; i < blocks.Count; i++)
        {
            switch (blocks[i])
            {
                case MailBlock.Fact fact:
                    html.Append(i == 0 || blocks[i - 1] is not MailBlock.Fact ? "<dl>\n" : "")
                        .Append(CultureInfo.InvariantCulture, $"<dt>{Safe(fact.Name)}</dt><dd>{Isolated(fact.Value)}</dd>\n")
                        .Append(i + 1 == blocks.Count || blocks[i + 1] is not MailBlock.Fact ? "</dl>\n" : "");
                    break;
                case MailBlock.Link link:
                    html.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Safe(link.Url)}\">{Safe(link.Words)}</a><br>{Safe(link.Url)}</p>\n");
                    break;
                case MailBlock.Code code:
                    html.Append(CultureInfo.InvariantCulture, $"<p><strong>{Safe(code.Text)}</strong></p>\n");
                    break;
                case MailBlock.Paragraph paragraph:
                    html.Append(CultureInfo.InvariantCulture, $"<p>{Safe(paragraph.Text)}</p>\n");
                    break;
            }
        }

        return html.Append("</body>\n</html>\n").ToString();
    }

    // A name in another direction must not turn the words around it.
    private static string Isolated(string text) => $"<bdi>{Safe(text)}</bdi>";

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
