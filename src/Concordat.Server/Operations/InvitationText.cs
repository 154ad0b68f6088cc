using System.Globalization;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>The words of an invitation, the same in our mail and in the text that a partner sends itself. It never holds credentials.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Before">Paragraphs above the link.</param>
/// <param name="LinkWords">What the link does.</param>
/// <param name="Link">The same for everybody: the page asks who signs in.</param>
/// <param name="After">Paragraphs below it.</param>
internal sealed record InvitationText(string Subject, IReadOnlyList<string> Before, string LinkWords, string Link, IReadOnlyList<string> After)
{
    /// <summary>Where customers accept directly.</summary>
    public const string Path = "/AdminPortal/Home?ref=/BillingAccounts/agreement";

    public static InvitationText Of(InvitationRow invitation, string partner, string company, string publicUrl, bool reminds)
    {
        var texts = Texts.Of(invitation.Language);
        var reason = invitation.Reason == Invitations.Outdated && invitation.RefusedFrom is { } from
            ? texts["Mail.Invitation.OutdatedFrom", from.UtcDateTime]
            : texts[$"Mail.Invitation.Why.{invitation.Reason}"];
        string[] before = [texts["Mail.Invitation.Lead", partner, company], reason, texts["Mail.Invitation.How"]];
        return new InvitationText(
            texts[reminds ? "Mail.Invitation.ReminderSubject" : "Mail.Invitation.Subject", invitation.Id.ToString("D", CultureInfo.InvariantCulture)],
            reminds ? [texts["Mail.Invitation.Reminds", invitation.CreatedAt.UtcDateTime], .. before] : before,
            texts["Mail.Invitation.Open"], publicUrl + Path,
            [texts["Mail.Invitation.Credentials", partner], texts["Mail.Invitation.Questions", partner]]);
    }

    /// <summary>As one text to paste into a mail.</summary>
    public string Plain => string.Join("\n\n", [.. Before, $"{LinkWords}:\n{Link}", .. After]);
}
