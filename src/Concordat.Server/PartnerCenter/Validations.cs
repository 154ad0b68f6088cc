using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Core.Reference;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

internal sealed record WireAddressVerdict(PostalAddress OriginalAddress, IReadOnlyList<PostalAddress> SuggestedAddresses, string Status, string? ValidationMessage);

internal sealed record WireValidationStatus(string Type, string Status, string LastUpdateDateTime);

/// <summary>
/// The names of the SDK's model, and beside them those of the documentation where they differ. VAT ids are not asked for
/// anywhere; the tax id is the organisation registration number.
/// </summary>
internal sealed record WireCountryRules(
    string Iso2Code, string DefaultCulture, bool IsStateRequired, IReadOnlyList<string> SupportedStatesList,
    IReadOnlyList<string> SupportedLanguagesList, IReadOnlyList<string> SupportedCulturesList, bool IsPostalCodeRequired,
    string? PostalCodeRegex, bool IsCityRequired, bool IsVatIdSupported, string? TaxIdFormat, string? TaxIdSample, string? VatIdRegex,
    string PhoneNumberRegex, bool IsTaxIdSupported, bool IsTaxIdOptional, IReadOnlyList<string> CountryCallingCodesList)
{
    public IReadOnlyList<string> States => SupportedStatesList;

    public IReadOnlyList<string> SupportedLanguages => SupportedLanguagesList;

    public IReadOnlyList<string> SupportedCultures => SupportedCulturesList;

    public IReadOnlyList<string> CountryCallingCodes => CountryCallingCodesList;

    public bool IsRegistrationNumberSupported => IsTaxIdSupported;

    public WireAttributes Attributes { get; init; } = new("CountryValidationRules");
}

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PostalAddress))]
[JsonSerializable(typeof(WireAddressVerdict))]
[JsonSerializable(typeof(WireValidationStatus))]
[JsonSerializable(typeof(WireCountryRules))]
internal sealed partial class ValidationJson : JsonSerializerContext;

/// <summary>What storefronts ask before they add a customer: is the domain free, is the address good, what does a country need.</summary>
internal static class Validations
{
    public static void Map(WireRoutes routes)
    {
        routes.Head("domains/{domain}", Access.Read, DomainAsync,
            new("Says whether a domain is taken: 200 when it is, 404 when it is free."));
        routes.Post("validations/address", Access.Read, AddressAsync,
            new("Checks a postal address by the rules of its country.", Request: typeof(PostalAddress), Response: typeof(WireAddressVerdict)));
        routes.Get("countryvalidationrules/{country}", Access.Read, CountryAsync,
            new("Shows the rules for addresses and phone numbers of a country.", Response: typeof(WireCountryRules)));
        routes.Get("customers/{customer}/validationStatus", Access.ReadCustomersAsUser, StatusAsync,
            new("Says whether a customer may buy; always allowed here.", Response: typeof(WireValidationStatus)));
    }

    private static async Task DomainAsync(Call call)
    {
        if (!DomainName.Parse(call.RouteText("domain"), "domain").TryGetValue(out var domain, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var taken = await call.ReadAsync(tx => CustomerRows.DomainTakenAsync(tx, domain));
        await (taken ? call.RespondAsync(200) : call.RefuseAsync(new Problem(ProblemCode.NotFound, "The domain is free.", "domain")));
    }

    /// <summary>
    /// Nothing is looked up in a register: an address that keeps its country's rules is answered as verified, so that a
    /// storefront goes on, any other as not found, with the fields at fault.
    /// </summary>
    private static Task AddressAsync(Call call)
    {
        if (!call.Read(ValidationJson.Default.PostalAddress).TryGetValue(out var sent, out var malformed))
        {
            return call.RefuseAsync(malformed);
        }

        var verdict = sent.Check("address", withPerson: false).TryGetValue(out var good, out var problem)
            ? new WireAddressVerdict(sent, [good], "VerifiedShippable", null)
            : new WireAddressVerdict(sent, [], "None", string.Join(' ', problem.Also.Prepend(problem).Select(fault => $"{fault.Field}: {fault.Message}")));
        return call.RespondAsync(200, verdict, ValidationJson.Default.WireAddressVerdict);
    }

    private static Task CountryAsync(Call call)
    {
        if (!CountryCode.Parse(call.RouteText("country"), "country").TryGetValue(out var iso2, out var problem))
        {
            return call.RefuseAsync(problem);
        }

        return CountryRules.Find(iso2) is { } rules
            ? call.RespondAsync(200, ToWire(rules), ValidationJson.Default.WireCountryRules)
            : call.RefuseAsync(new Problem(ProblemCode.NotFound, "The country is none that customers can have.", "country"));
    }

    private static async Task StatusAsync(Call call)
    {
        if (!(await Customers.FindAsync(call)).TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        if (!string.Equals(call.Query("type"), "account", StringComparison.OrdinalIgnoreCase))
        {
            await call.RefuseAsync(new Problem(ProblemCode.InvalidQuery, "type is account.", "type"));
            return;
        }

        // Nobody is vetted here, so nobody is held up by it.
        var status = new WireValidationStatus("account", "allowed", LedgerEntry.Instant(customer.Row.CreatedAt));
        await call.RespondAsync(200, status, ValidationJson.Default.WireValidationStatus);
    }

    private static WireCountryRules ToWire(CountryRules rules) => new(
        rules.Iso2, rules.DefaultCulture, rules.IsStateRequired, rules.States, rules.SupportedLanguages, rules.SupportedCultures,
        rules.IsPostalCodeRequired, rules.PostalCodeRegex, rules.IsCityRequired, IsVatIdSupported: false, TaxIdFormat: null,
        TaxIdSample: null, VatIdRegex: null, rules.PhoneNumberRegex, rules.IsRegistrationNumberSupported,
        IsTaxIdOptional: !rules.IsRegistrationNumberSupported, rules.CallingCodes);
}
