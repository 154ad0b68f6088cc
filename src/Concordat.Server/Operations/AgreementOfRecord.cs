using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Agreements.Texts;
using Concordat.Core.Commerce;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Which text a record is about, the same in the notice and on the signatory's own page.</summary>
/// <param name="Text">What was shown; for a record without a page, the text for this customer.</param>
/// <param name="Sha256">Of what was shown; of <c>Text</c> where nothing was.</param>
/// <param name="Language">Of the agreement, in which the signatory is written to.</param>
/// <param name="Company">The customer, as the partner names it.</param>
internal sealed record AgreementOfRecord(AgreementText Text, ReadOnlyMemory<byte> Sha256, string Language, string Company)
{
    public static async ValueTask<AgreementOfRecord> ReadAsync(
        Tx tx, SubjectVault vault, PartnerId partner, string partnerCountry, CustomerId customer, FactRow fact)
    {
        var found = await CustomerRows.FindWithBillingAsync(tx, partner, customer);
        var row = found?.Customer ?? await CustomerRows.FindEvenRemovedAsync(tx, partner, customer);
        var locale = LocaleOf(CustomerAccounts.OpenBilling(vault, partner, found?.Billing), partnerCountry);
        var origin = fact;
        if (fact.Fact.Kind == FactKind.Corrected)
        {
            // A correction changes the signatory, not what was shown.
            var facts = await FactRows.OfAsync(tx, partner, customer);
            while (origin.Fact.Concerns is { } id && facts.FirstOrDefault(row => row.Fact.Id == id) is { } earlier)
            {
                origin = earlier;
            }
        }

        var attestation = await AttestationRows.OfAgreementAsync(tx, partner, origin.Entry);
        // What was shown is known of an enhanced attestation; otherwise it is the text for this customer.
        var shown = attestation?.Answer;
        var text = AgreementTexts.Of(new AgreementFile(
            fact.Fact.Type, fact.Fact.Version, attestation?.Attestation.Country ?? locale.Country, shown?.TextLanguage ?? locale.Language));
        return new AgreementOfRecord(
            text, shown is null ? text.Sha256 : Convert.FromHexString(shown.Shown.TextSha256),
            attestation?.Attestation.Language ?? locale.Language, row?.CompanyName ?? "");
    }

    // A billing profile often says "ja" where the catalogue says "ja-JP".
    private static DocumentLocale LocaleOf(BillingProfile? billing, string partnerCountry)
    {
        var wanted = billing?.Culture ?? billing?.Language;
        var resolved = TemplateCatalogue.Resolve(billing?.DefaultAddress.Country ?? partnerCountry, wanted);
        var (country, language) = resolved.TryGetValue(out var locale, out _) ? (locale.Country, locale.Language) : (TemplateCatalogue.DefaultCountry, TemplateCatalogue.DefaultLanguage);
        var close = wanted is { Length: >= 2 }
            ? TemplateCatalogue.LanguagesFor(country).FirstOrDefault(tag => tag.Split('-')[0].Equals(wanted.Split('-')[0], StringComparison.OrdinalIgnoreCase))
            : null;
        return new DocumentLocale(country, close ?? language);
    }
}
