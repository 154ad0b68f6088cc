using System.Globalization;
using Concordat.Core.Agreements.Texts;
using Concordat.Core.Fields;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Background.Mails;

/// <summary>
/// The notice: tells a signatory what their partner put on record in their name, and how to say that it was not them. In the
/// language of the agreement, as far as there is a translation.
/// </summary>
internal static class NoticeMail
{
    public static async ValueTask<ComposedMail?> ComposeAsync(MailComposition mail)
    {
        var row = mail.Row;
        if (row.Customer is not { } customer || row.Subject is not { } subject)
        {
            return null;
        }

        var (fact, person, record, leaf) = await mail.ReadAsync(async tx =>
        {
            var found = (await FactRows.OfAsync(tx, row.Partner, customer)).SingleOrDefault(fact => fact.Fact.Id.Value == row.Reference);
            return (found,
                await SubjectRows.FindAsync(tx, row.Partner, customer, subject),
                found is null ? null : await AgreementOfRecord.ReadAsync(tx, mail.Context.Vault, row.Partner, mail.Partner.Country, customer, found),
                row.Entry is { } entry ? await LedgerRows.LeafAsync(tx, entry) : null);
        });
        if (fact is null || person is null || record is null)
        {
            // Erased since: there is nobody to write to.
            return null;
        }

        var contact = Signatories.Open(mail.Context.Vault, row.Partner, person);
        var text = record.Text;
        var link = mail.Context.TextLinks.Create(text, record.Sha256.Span);
        var texts = Texts.Of(record.Language);
        // Both names are required on the wire; a mail names them as the language does.
        var name = texts["Mail.Name", contact.FirstName, contact.LastName];
        var subjectLine = texts["Mail.Notice.Subject", text.Title, ((Guid)row.Entry!.Value.Value).ToString("D", CultureInfo.InvariantCulture)];
        return MailComposition.Write(texts, contact.Email, name, subjectLine, Blocks(mail, texts, text, new Content(fact, name, contact, record.Company, leaf, link)));
    }

    private static List<MailBlock> Blocks(MailComposition mail, Texts texts, AgreementText text, Content content)
    {
        var (fact, name, contact, company, leaf, link) = content;
        var partner = mail.Partner;
        List<MailBlock> blocks =
        [
            new MailBlock.Paragraph(texts["Mail.Notice.Lead", partner.Name, company]),
            new MailBlock.Fact(texts["Mail.Notice.Agreement"], text.Title),
            new MailBlock.Fact(texts["Mail.Notice.Version"], texts[
                fact.Fact.VersionShown ? "Mail.Notice.VersionShown" : "Mail.Notice.VersionInForce", text.Edition]),
            new MailBlock.Fact(texts["Mail.Notice.AcceptedOn"], Moment(texts, fact.Fact.DateAgreed)),
            new MailBlock.Fact(texts["Mail.Notice.AcceptedBy"], $"{name} ({contact.Email})"),
            new MailBlock.Fact(texts["Mail.Notice.Customer"], $"{company} ({mail.Row.Customer})"),
            new MailBlock.Fact(texts["Mail.Notice.Partner"], $"{partner.Name} ({partner.Domain})"),
            new MailBlock.Fact(texts["Mail.Notice.RecordedOn"], Moment(texts, fact.Fact.RecordedAt)),
            new MailBlock.Link(texts["Mail.Notice.ReadText"], $"{mail.PublicUrl}{TextLinks.Path}{link}"),
            new MailBlock.Paragraph(texts["Mail.Notice.Questions", partner.Name]),
        ];
        if (mail.SignatoryUrl is { } own)
        {
            blocks.Add(new MailBlock.Paragraph(texts["Mail.Notice.NotMe"]));
            blocks.Add(new MailBlock.Link(texts["Mail.Notice.OwnPage"], own));
        }

        blocks.Add(new MailBlock.Fact(texts["Mail.Notice.Reference"], fact.Entry.ToString()));
        if (leaf is { } found)
        {
            if (found.Index is { } index)
            {
                blocks.Add(new MailBlock.Fact(texts["Mail.Notice.LedgerIndex"], index.ToString(CultureInfo.InvariantCulture)));
            }

            blocks.Add(new MailBlock.Fact(texts["Mail.Notice.LeafHash"], Convert.ToHexStringLower(found.Hash)));
        }

        blocks.Add(new MailBlock.Paragraph(texts["Mail.Automatic"]));
        return blocks;
    }

    private static string Moment(Texts texts, DateTimeOffset instant) => texts["Mail.Moment", instant.UtcDateTime];

    private sealed record Content(FactRow Fact, string Name, Contact Contact, string Company, LeafRow? Leaf, string TextToken);
}
