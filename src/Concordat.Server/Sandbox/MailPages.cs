using System.Text;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Sandbox;

/// <summary>The sandbox's mailbox; where mails go to a real server, or in production, there is no such page.</summary>
[OpenPage]
internal sealed class MailsPage(Parts parts) : PageModel
{
    public IReadOnlyList<KeptMail> Mails { get; private set; } = [];

    public IActionResult OnGet()
    {
        Mails = parts.Mailbox?.All ?? [];
        return parts.Mailbox is null ? NotFound() : Page();
    }
}

/// <summary>One mail of it, as text, as page and as it goes over the wire.</summary>
[OpenPage]
internal sealed class MailViewPage(Parts parts) : PageModel
{
    public KeptMail Mail { get; private set; } = null!;

    public string Wire => Encoding.UTF8.GetString(Mail.Message.Content);

    public IActionResult OnGet(string id)
    {
        if (parts.Mailbox?.All.FirstOrDefault(mail => mail.Id == id) is not { } found)
        {
            return NotFound();
        }

        Mail = found;
        return Page();
    }

    /// <summary>Links to ourselves can be followed; everything else in a mail is text.</summary>
    public bool IsLink(string line) => line.StartsWith(parts.PublicUrl + "/", StringComparison.Ordinal) && !line.Contains(' ', StringComparison.Ordinal);
}
