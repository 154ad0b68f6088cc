using System.Globalization;
using Concordat.Core;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Background.Mails;

/// <summary>
/// Tells the partner that a signatory declined, or disputes a record. It goes to the address that the partner has for this, in the
/// language of the partner's country, and holds no signatory's name: what they wrote is read in the service.
/// </summary>
internal static class AlertMail
{
    public static async ValueTask<ComposedMail?> ComposeAsync(MailComposition mail)
    {
        var row = mail.Row;
        var (address, attestation, facts, account) = await mail.ReadAsync(async tx => (
            await SettingRows.FindAsync(tx, PartnerAlerts.SettingOf(row.Partner)),
            await AttestationRows.FindAsync(tx, row.Partner, new AttestationId(row.Reference)),
            row.Customer is { } concerned ? await FactRows.OfAsync(tx, row.Partner, concerned) : [],
            row.Customer is { } known ? await CustomerRows.FindEvenRemovedAsync(tx, row.Partner, known) : null));
        if (string.IsNullOrEmpty(address))
        {
            // The partner wants no such mails.
            return null;
        }

        var texts = Texts.Of(mail.Partner.Country == "JP" ? "ja" : "en");
        if (attestation is not null)
        {
            var company = account?.CompanyName ?? Attestations.Open(mail.Context.Vault, attestation).Company ?? "";
            return Write(mail, texts, address, "Declined", company, attestation.Attestation.EndedAt);
        }

        var dispute = facts.FirstOrDefault(fact => fact.Fact.Id.Value == row.Reference);
        return dispute is null ? null : Write(mail, texts, address, "Disputed", account?.CompanyName ?? "", dispute.Fact.RecordedAt);
    }

    private static ComposedMail Write(MailComposition mail, Texts texts, string address, string what, string company, DateTimeOffset? at)
    {
        var reference = mail.Row.Reference.ToString("D", CultureInfo.InvariantCulture);
        List<MailBlock> blocks = [new MailBlock.Paragraph(texts[$"Mail.Alert.{what}", company])];
        if (mail.Row.Customer is { } customer)
        {
            blocks.Add(new MailBlock.Fact(texts["Mail.Alert.Customer"], $"{company} ({customer})"));
        }

        if (at is { } instant)
        {
            blocks.Add(new MailBlock.Fact(texts["Mail.Alert.When"], texts["Mail.Moment", instant.UtcDateTime]));
        }

        blocks.Add(new MailBlock.Fact(texts["Mail.Alert.Reference"], reference));
        blocks.Add(new MailBlock.Paragraph(texts["Mail.Automatic"]));
        return MailComposition.Write(texts, address, null, texts[$"Mail.Alert.{what}Subject", reference], blocks);
    }
}
