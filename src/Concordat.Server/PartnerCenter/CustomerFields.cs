using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Fields;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;

namespace Concordat.Server.PartnerCenter;

/// <summary>Reads customers and billing profiles that clients send; every fault is reported at once.</summary>
internal static class CustomerFields
{
    /// <summary>
    /// The customer to be added. <c>associatedPartnerId</c> names one of the provider's resellers; without it the customer
    /// is the partner's own.
    /// </summary>
    public static Outcome<NewCustomer> ToNewCustomer(Call call, WireNewCustomer sent)
    {
        var faults = new Faults();
        var company = sent.CompanyProfile;
        var domain = faults.Take(DomainName.ParseInitial(company?.Domain, "companyProfile.domain"));
        var billing = faults.Take(ToBilling(sent.BillingProfile, call.Partner, "billingProfile."));
        var name = string.IsNullOrEmpty(company?.CompanyName)
            ? billing?.CompanyName
            : faults.Take(CompanyName.Parse(company.CompanyName, "companyProfile.companyName"));
        var reseller = faults.Take(ToReseller(call, sent.AssociatedPartnerId));
        if (billing is not null)
        {
            faults.Add(RegistrationNumber.Check(
                billing.DefaultAddress.Country!, company?.OrganizationRegistrationNumber, billing.DefaultAddress.PhoneNumber,
                "companyProfile.organizationRegistrationNumber", "billingProfile.defaultAddress.phoneNumber"));
        }

        if (!faults.None)
        {
            return faults.ToProblem();
        }

        var number = string.IsNullOrEmpty(company!.OrganizationRegistrationNumber) ? null : company.OrganizationRegistrationNumber;
        return new NewCustomer(null, domain!, name!, billing! with { RegistrationNumber = number }, "reseller", reseller);
    }

    /// <summary>
    /// A billing profile that keeps the rules of its country. <paramref name="path"/> is the JSON path before the field names,
    /// with its dot; empty for a body of its own.
    /// </summary>
    public static Outcome<BillingProfile> ToBilling(WireBillingProfile? sent, Partner partner, string path)
    {
        var faults = new Faults();
        var email = faults.Take(EmailAddress.ParseForBilling(sent?.Email, path + "email", partner.Domain));
        var culture = faults.Take(LanguageTag.Parse(sent?.Culture, path + "culture"));
        var language = faults.Take(LanguageTag.Parse(sent?.Language, path + "language"));
        var company = faults.Take(CompanyName.Parse(sent?.CompanyName, path + "companyName"));
        var address = faults.Take((sent?.DefaultAddress ?? new PostalAddress()).Check(path + "defaultAddress", withPerson: true));
        var first = faults.Take(NameOf(sent?.FirstName, address?.FirstName, path + "firstName"));
        var last = faults.Take(NameOf(sent?.LastName, address?.LastName, path + "lastName"));
        return faults.None
            ? new BillingProfile(first, last, email, culture, language, company!, address!)
            : faults.ToProblem();
    }

    // Clients fill in the address's person and leave the profile's own empty, as in Microsoft's samples.
    private static Outcome<string> NameOf(string? own, string? addressed, string field) =>
        string.IsNullOrEmpty(own) ? addressed ?? "" : PersonName.Parse(own, field);

    private static Outcome<PartnerId?> ToReseller(Call call, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return default(PartnerId?);
        }

        if (call.Caller.Kind == CallerKind.AppOnly)
        {
            return new Problem(ProblemCode.AppOnlyNotSupported, "A customer of a reseller is added with an App+User token only.");
        }

        var found = Guids.TryParse(text, out var id) ? call.Parts.Directory.Find(new PartnerId(id)) : null;
        return found is { Kind: PartnerKind.IndirectReseller } && found.Provider == call.Partner.Id
            ? found.Id
            : new Problem(ProblemCode.InvalidInput, "associatedPartnerId is not the tenant id of one of your indirect resellers.", "associatedPartnerId");
    }
}
