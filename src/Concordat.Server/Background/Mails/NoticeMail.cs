using System.Globalization;
using Concordat.Core.Agreements;
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

        var (fact, person, account, leaf, attestation) = await mail.ReadAsync(async tx => (
            (await FactRows.OfAsync(tx, row.Partner, customer)).SingleOrDefault(fact => fact.Fact.Id.Value == row.Reference),
            await SubjectRows.FindAsync(tx, row.Partner, customer, subject),
            await AccountAsync(tx, mail, customer),
            row.Entry is { } entry ? await LedgerRows.LeafAsync(tx, entry) : null,
            row.Entry is { } agreement ? await AttestationRows.OfAgreementAsync(tx, row.Partner, agreement) : null));
        if (fact is null || person is null)
        {
            // Erased since: there is nobody to write to.
            return null;
        }

        var contact = Signatories.Open(mail.Context.Vault, row.Partner, person);
        // What was shown is known of an enhanced attestation; otherwise it is the text for this customer.
        var shown = attestation?.Answer;
        var text = AgreementTexts.Of(new AgreementFile(
            fact.Fact.Type, fact.Fact.Version, attestation?.Attestation.Country ?? account.Locale.Country, shown?.TextLanguage ?? account.Locale.Language));
        var link = shown is null ? mail.Context.TextLinks.Create(text) : mail.Context.TextLinks.Create(text, Convert.FromHexString(shown.Shown.TextSha256));
        var texts = Texts.Of(attestation?.Attestation.Language ?? account.Locale.Language);
        // Both names are required on the wire; a mail names them as the language does.
        var name = texts["Mail.Name", contact.FirstName, contact.LastName];
        var subjectLine = texts["Mail.Notice.Subject", text.Title, ((Guid)row.Entry!.Value.Value).ToString("D", CultureInfo.InvariantCulture)];
        return MailComposition.Write(texts, contact.Email, name, subjectLine, Blocks(mail, texts, text, new Content(fact, name, contact, account, leaf, link)));
    }

    private static List<MailBlock> Blocks(MailComposition mail, Texts texts, AgreementText text, Content content)
    {
        var (fact, name, contact, account, leaf, link) = content;
        var partner = mail.Partner;
        List<MailBlock> blocks =
        [
            new MailBlock.Paragraph(texts["Mail.Notice.Lead", partner.Name, account.Company]),
            new MailBlock.Fact(texts["Mail.Notice.Agreement"], text.Title),
            new MailBlock.Fact(texts["Mail.Notice.Version"], texts[
                fact.Fact.VersionShown ? "Mail.Notice.VersionShown" : "Mail.Notice.VersionInForce", text.Edition]),
            new MailBlock.Fact(texts["Mail.Notice.AcceptedOn"], Moment(texts, fact.Fact.DateAgreed)),
            new MailBlock.Fact(texts["Mail.Notice.AcceptedBy"], $"{name} ({contact.Email})"),
            new MailBlock.Fact(texts["Mail.Notice.Customer"], $"{account.Company} ({mail.Row.Customer})"),
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

    private static async ValueTask<Account> AccountAsync(Tx tx, MailComposition mail, Core.CustomerId customer)
    {
        var partner = mail.Row.Partner;
        var found = await CustomerRows.FindWithBillingAsync(tx, partner, customer);
        var row = found?.Customer ?? await CustomerRows.FindEvenRemovedAsync(tx, partner, customer);
        var billing = CustomerAccounts.OpenBilling(mail.Context.Vault, partner, found?.Billing);
        var locale = TemplateCatalogue.Resolve(billing?.DefaultAddress.Country ?? mail.Partner.Country, billing?.Culture ?? billing?.Language);
        return new Account(row?.CompanyName ?? "", LocaleOf(locale.Problem is null ? locale.Value : default, billing));
    }

    // A billing profile often says "ja" where the catalogue says "ja-JP".
    private static DocumentLocale LocaleOf(DocumentLocale resolved, Core.Commerce.BillingProfile? billing)
    {
        var country = resolved.Country ?? TemplateCatalogue.DefaultCountry;
        var wanted = billing?.Culture ?? billing?.Language;
        var close = wanted is { Length: >= 2 }
            ? TemplateCatalogue.LanguagesFor(country).FirstOrDefault(tag => tag.Split('-')[0].Equals(wanted.Split('-')[0], StringComparison.OrdinalIgnoreCase))
            : null;
        return new DocumentLocale(country, close ?? resolved.Language ?? TemplateCatalogue.DefaultLanguage);
    }

    private sealed record Content(FactRow Fact, string Name, Contact Contact, Account Account, LeafRow? Leaf, string TextToken);

    private sealed record Account(string Company, DocumentLocale Locale);
}
