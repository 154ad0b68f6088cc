using Concordat.Core.Agreements;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Background.Mails;

/// <summary>Asks a customer to accept directly, and reminds once. Not wanted any more once the customer has accepted, or it was taken back.</summary>
internal static class InvitationMail
{
    public static async ValueTask<ComposedMail?> ComposeAsync(MailComposition mail)
    {
        var row = mail.Row;
        if (row.Customer is not { } customer || row.Subject is not { } subject)
        {
            return null;
        }

        var (invitation, standing, person) = await mail.ReadAsync(async tx => (
            await InvitationRows.FindAsync(tx, row.Partner, row.Reference),
            await StandingRows.FindAsync(tx, row.Partner, customer),
            await SubjectRows.FindAsync(tx, row.Partner, customer, subject)));
        if (invitation is not { CancelledAt: null } || person is null || standing is not { Active: true } || standing.Standing.Has(StandingFlags.AcceptedDirectly))
        {
            return null;
        }

        var text = InvitationText.Of(invitation, mail.Partner.Name, standing.Company, mail.PublicUrl, reminds: row.Kind == Outbox.Word(MailKind.Reminder));
        var contact = Signatories.Open(mail.Context.Vault, row.Partner, person);
        var texts = Texts.Of(invitation.Language);
        List<MailBlock> blocks =
        [
            .. text.Before.Select(words => new MailBlock.Paragraph(words)),
            new MailBlock.Link(text.LinkWords, text.Link),
            .. text.After.Select(words => new MailBlock.Paragraph(words)),
            new MailBlock.Paragraph(texts["Mail.Automatic"]),
        ];
        return MailComposition.Write(texts, contact.Email, texts["Mail.Name", contact.FirstName, contact.LastName], text.Subject, blocks);
    }
}
