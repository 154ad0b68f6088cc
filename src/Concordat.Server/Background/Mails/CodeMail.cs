using System.Globalization;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Background.Mails;

/// <summary>The code that proves that a signatory reads the mailbox which the attestation names.</summary>
internal static class CodeMail
{
    public static async ValueTask<ComposedMail?> ComposeAsync(MailComposition mail)
    {
        var id = new AttestationId(mail.Row.Reference);
        var (row, code) = await mail.ReadAsync(async tx => (
            await AttestationRows.FindAsync(tx, mail.Row.Partner, id), await AttestationCodeRows.FindAsync(tx, mail.Row.Partner, id)));
        var environment = mail.Partner.Environment == "sandbox" ? PartnerEnvironment.Sandbox : PartnerEnvironment.Production;
        // A code that is late, or that an answer has overtaken, helps nobody.
        if (row is not { Subject: { } subject } || code is null || code.ExpiresAt <= mail.Context.Clocks.Wall.GetUtcNow()
            || row.Attestation.StateAt(mail.Context.PolicyNow(environment)) != AttestationState.Pending)
        {
            return null;
        }

        var vault = mail.Context.Vault;
        var key = vault.Unwrap(row.Partner, subject.WrappedKey);
        var contact = Signatories.Open(vault, row.Partner, subject);
        var texts = Texts.Of(row.Attestation.Language);
        return MailComposition.Write(
            texts, contact.Email, texts["Mail.Name", contact.FirstName, contact.LastName],
            texts["Mail.Code.Subject", id.Value.ToString("D", CultureInfo.InvariantCulture)],
            [
                new MailBlock.Paragraph(texts["Mail.Code.Lead", mail.Partner.Name, Attestations.OpenText(key, row.Company)]),
                new MailBlock.Code(Attestations.OpenText(key, code.Code)),
                new MailBlock.Paragraph(texts["Mail.Code.Until", code.ExpiresAt.UtcDateTime]),
                new MailBlock.Paragraph(texts["Mail.Code.Ignore"]),
                new MailBlock.Paragraph(texts["Mail.Automatic"]),
            ]);
    }
}
