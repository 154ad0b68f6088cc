using System.Globalization;
using System.Text;

namespace Concordat.Server.Background.Mails;

/// <summary>A mail in the bytes that go over the wire, and the two addresses of its envelope.</summary>
/// <param name="From">Envelope sender: the service's own, never a person's.</param>
/// <param name="To">Envelope recipient.</param>
/// <param name="Content">Headers and body. Lines end in CR LF, are no longer than 998 bytes and none begins with a dot.</param>
/// <param name="NeedsUtf8">The recipient's address is not ASCII, so the server must offer SMTPUTF8.</param>
/// <param name="MessageId">Without the angle brackets.</param>
/// <param name="Words">What it was made of.</param>
internal sealed record MimeMessage(string From, string To, byte[] Content, bool NeedsUtf8, string MessageId, ComposedMail Words)
{
    private const int Base64Line = 76;

    /// <summary>
    /// Writes a mail, or answers null when it cannot be one: an address that is none, text with control characters in a
    /// header. Header lines are these and no other, in this order.
    /// </summary>
    public static MimeMessage? TryWrite(ComposedMail mail, string from, string messageId, DateTimeOffset date)
    {
        var to = MailAddresses.ForServers(mail.Address);
        if (to is null || !HeaderText.IsClean(mail.Subject) || !HeaderText.IsClean(mail.Name ?? ""))
        {
            return null;
        }

        // Contains nothing random, so that a second copy is the same message; base64 has no "=_".
        var boundary = $"=_{messageId[..messageId.IndexOf('@', StringComparison.Ordinal)]}";
        var text = new StringBuilder(4096);
        Line(text, "Date", date.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture));
        Line(text, "From", $"{HeaderText.Encode("Concordat")} <{from}>");
        Line(text, "To", string.IsNullOrEmpty(mail.Name) ? $"<{to}>" : $"{HeaderText.Encode(mail.Name)}\r\n <{to}>");
        Line(text, "Subject", HeaderText.Encode(mail.Subject));
        Line(text, "Message-ID", $"<{messageId}>");
        Line(text, "Auto-Submitted", "auto-generated");
        Line(text, "X-Auto-Response-Suppress", "All");
        Line(text, "Content-Language", mail.Language);
        Line(text, "MIME-Version", "1.0");
        Line(text, "Content-Type", $"multipart/alternative;\r\n boundary=\"{boundary}\"");
        text.Append("\r\n");
        Part(text, boundary, "text/plain", mail.Text);
        Part(text, boundary, "text/html", mail.Html);
        text.Append("--").Append(boundary).Append("--\r\n");
        return new MimeMessage(from, to, Encoding.UTF8.GetBytes(text.ToString()), !Ascii.IsValid(to), messageId, mail);
    }

    /// <summary>Without the person, so that no log line can carry one.</summary>
    public override string ToString() => "MimeMessage";

    private static void Line(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append("\r\n");

    private static void Part(StringBuilder text, string boundary, string type, string content)
    {
        text.Append("--").Append(boundary).Append("\r\n");
        Line(text, "Content-Type", $"{type}; charset=utf-8");
        Line(text, "Content-Transfer-Encoding", "base64");
        text.Append("\r\n");
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(content.ReplaceLineEndings("\r\n")));
        for (var at = 0; at < base64.Length; at += Base64Line)
        {
            text.Append(base64, at, Math.Min(Base64Line, base64.Length - at)).Append("\r\n");
        }
    }
}
