using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Agreements.Texts;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Acceptance;

/// <summary>A customer as its own people see it on the page of direct acceptance.</summary>
/// <param name="Id">The tenant.</param>
/// <param name="Company">The tenant's own name.</param>
/// <param name="Country">Of the agreement's text: where the customer is billed.</param>
/// <param name="Concerned">Every partner with an account of the customer.</param>
/// <param name="Partners">Those with an active relationship, whom the page names.</param>
/// <param name="Latest">What the customer accepted itself; null when it never did.</param>
/// <param name="NationalCloud">The customer is outside the requirement.</param>
/// <param name="DeadEnd">A partner whose attested customers cannot accept directly; null for none.</param>
internal sealed record DirectVisit(
    CustomerId Id, string Company, string Country, IReadOnlyList<Partner> Concerned, IReadOnlyList<Partner> Partners,
    DirectAcceptanceRow? Latest, bool NationalCloud, Partner? DeadEnd)
{
    private const AgreementType Type = AgreementType.MicrosoftCustomerAgreement;

    /// <summary>By whose policy clock it is decided; production's where partners of both deal with the customer.</summary>
    public PartnerEnvironment Environment =>
        Concerned.Count > 0 && Concerned.All(partner => partner.Environment == PartnerEnvironment.Sandbox) ? PartnerEnvironment.Sandbox : PartnerEnvironment.Production;

    /// <summary>The languages in which the customer's country can read the agreement; English first.</summary>
    public IReadOnlyList<string> TextLanguages => TemplateCatalogue.LanguagesFor(Country);

    /// <summary>Reads everything at one instant.</summary>
    public static async ValueTask<DirectVisit> FindAsync(Parts parts, CustomerId customer)
    {
        var read = await parts.Database.ReadEverythingAsync(async tx => (
            Company: await CustomerRows.TenantNameAsync(tx, customer),
            Accounts: await AccountsAsync(tx, customer),
            Latest: await DirectAcceptanceRows.LatestAsync(tx, customer)));
        var known = read.Accounts.Select(account => (Partner: parts.Directory.Find(account.Partner), account.Row, account.Customer))
            .Where(account => account.Partner is not null).OrderBy(account => account.Customer.Customer.CreatedAt).ToList();
        return new DirectVisit(
            customer, read.Company ?? "", CountryOf(parts, known),
            [.. known.Select(account => account.Partner!)],
            [.. known.Where(account => account.Row.Active).Select(account => account.Partner!)],
            read.Latest,
            known.Any(account => account.Row.Standing.Has(StandingFlags.NationalCloud)),
            known.Where(account => AcceptDirectly.IsDeadEnd(account.Partner!, account.Row)).Select(account => account.Partner).FirstOrDefault());
    }

    /// <summary>The text in force now.</summary>
    public AgreementText TextIn(OperationContext context, string language) => AgreementTexts.Of(new AgreementFile(
        Type, AgreementVersions.BuiltIn.InForceAt(Type, context.PolicyNow(Environment)), Country, language));

    /// <summary>The very text that was accepted; null when none was shown, or when the program no longer has it.</summary>
    public AgreementText? AcceptedText
    {
        get
        {
            if (Latest is not { Country: { } country, Language: { } language, TextSha256: { } digest })
            {
                return null;
            }

            var text = AgreementTexts.Of(new AgreementFile(Type, Latest.Version, country, language));
            return text.Sha256.Span.SequenceEqual(digest) ? text : null;
        }
    }

    private static async ValueTask<List<(PartnerId Partner, StandingRow Row, CustomerWithBilling Customer)>> AccountsAsync(Tx tx, CustomerId customer)
    {
        var accounts = new List<(PartnerId, StandingRow, CustomerWithBilling)>();
        foreach (var partner in await CustomerRows.PartnersOfAsync(tx, customer))
        {
            if (await StandingRows.FindAsync(tx, partner, customer) is { } row
                && await CustomerRows.FindWithBillingAsync(tx, partner, customer) is { } account)
            {
                accounts.Add((partner, row, account));
            }
        }

        return accounts;
    }

    // The oldest account that has a billing profile.
    private static string CountryOf(Parts parts, IEnumerable<(Partner? Partner, StandingRow Row, CustomerWithBilling Customer)> accounts)
    {
        foreach (var (partner, _, customer) in accounts)
        {
            if (CustomerAccounts.OpenBilling(parts.Context.Vault, partner!.Id, customer.Billing)?.DefaultAddress.Country is { Length: > 0 } country)
            {
                return country;
            }
        }

        return accounts.FirstOrDefault().Partner?.Country ?? TemplateCatalogue.DefaultCountry;
    }
}
