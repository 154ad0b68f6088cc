using Concordat.Core.Reference;

namespace Concordat.Core.Fields;

/// <summary>An address as it came, or as it was accepted; Partner Center's names, all optional on input.</summary>
public sealed record PostalAddress
{
    /// <summary>In UTF-16 code units, each line (domain reference, section B).</summary>
    public const int MaxLine = 200;

    // "0-2" in the reference: the codes of ISO 3166-2 without the country.
    private const int MaxState = 2;
    private const int MaxPostalCode = 16;

    /// <summary>ISO 3166-1 alpha-2; upper case when accepted.</summary>
    public string? Country { get; init; }
    /// <summary>City or municipality.</summary>
    public string? City { get; init; }
    /// <summary>State or province code, two characters or less.</summary>
    public string? State { get; init; }
    /// <summary>Street and number.</summary>
    public string? AddressLine1 { get; init; }
    /// <summary>Building, floor.</summary>
    public string? AddressLine2 { get; init; }
    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }
    /// <summary>Contact at the address: given name.</summary>
    public string? FirstName { get; init; }
    /// <summary>Contact at the address: family name.</summary>
    public string? LastName { get; init; }
    /// <summary>Contact at the address: phone.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>The address with its country in upper case, or a problem that carries every fault.</summary>
    /// <param name="path">JSON path of the address, before the field names.</param>
    /// <param name="withPerson">Whether the two names are required (a billing profile) or may be left out.</param>
    public Outcome<PostalAddress> Check(string path, bool withPerson)
    {
        var faults = new Faults();
        var country = faults.Take(CountryCode.ParseKnown(Country, $"{path}.country"));
        faults.Add(Text(AddressLine1, $"{path}.addressLine1", MaxLine, required: true));
        faults.Add(Text(AddressLine2, $"{path}.addressLine2", MaxLine, required: false));
        if (withPerson || !string.IsNullOrEmpty(FirstName))
            faults.Take(PersonName.Parse(FirstName, $"{path}.firstName", PersonName.MaxLengthInAddress));
        if (withPerson || !string.IsNullOrEmpty(LastName))
            faults.Take(PersonName.Parse(LastName, $"{path}.lastName", PersonName.MaxLengthInAddress));
        faults.Take(Fields.PhoneNumber.ParseOptional(PhoneNumber, $"{path}.phoneNumber"));
        var rules = country is null ? null : CountryRules.Find(country);
        faults.Add(Text(City, $"{path}.city", MaxLine, required: rules?.IsCityRequired ?? false));
        faults.Add(StateFault(rules, $"{path}.state"));
        faults.Add(PostalCodeFault(rules, $"{path}.postalCode"));
        return faults.None ? this with { Country = country } : faults.ToProblem();
    }

    private Problem? StateFault(CountryRules? rules, string field)
    {
        if (rules is not { IsStateRequired: true }) return Text(State, field, MaxState, required: false);
        return rules.States.Contains(State ?? "", StringComparer.OrdinalIgnoreCase)
            ? null
            : new Problem(ProblemCode.InvalidInput, "The state must be one of the country's two-letter codes.", field);
    }

    private Problem? PostalCodeFault(CountryRules? rules, string field)
    {
        if (Text(PostalCode, field, MaxPostalCode, rules?.IsPostalCodeRequired ?? false) is { } fault) return fault;
        return rules is null || string.IsNullOrEmpty(PostalCode) || rules.IsPostalCode(PostalCode)
            ? null
            : new Problem(ProblemCode.InvalidInput, "The postal code does not have the form that the country uses.", field);
    }

    private static Problem? Text(string? text, string field, int maxLength, bool required)
    {
        if (!required && string.IsNullOrEmpty(text)) return null;
        return SingleLine.Fault(text, maxLength) is { } fault
            ? new Problem(ProblemCode.InvalidInput, $"The field {fault}", field)
            : null;
    }

    /// <summary>Without the address, so that no log line can carry one.</summary>
    public override string ToString() => "PostalAddress";
}
