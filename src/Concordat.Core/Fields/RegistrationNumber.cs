using Concordat.Core.Reference;

namespace Concordat.Core.Fields;

/// <summary>
/// The organisation registration number that a list of countries demands together with a phone number (domain reference,
/// section B). The formats per country are not published; any text of the usual characters with a digit passes.
/// </summary>
public static class RegistrationNumber
{
    private const int MaxLength = 50;

    /// <summary>Every fault of the pair for that country, or null.</summary>
    /// <param name="country">Upper case.</param>
    /// <param name="number">As it came; null and empty mean none.</param>
    /// <param name="phoneNumber">As it came; only its presence matters here.</param>
    /// <param name="field">JSON path of the number.</param>
    /// <param name="phoneField">JSON path of the phone number.</param>
    public static Problem? Check(string country, string? number, string? phoneNumber, string field, string phoneField)
    {
        if (CountryRules.Find(country) is not { IsRegistrationNumberSupported: true })
            return string.IsNullOrEmpty(number)
                ? null
                : new Problem(
                    ProblemCode.RegistrationNumberNotSupported, "The country has no organisation registration number.", field);

        var faults = new Faults();
        if (string.IsNullOrEmpty(number))
            faults.Add(new Problem(
                ProblemCode.RegistrationNumberMissing, "The country demands an organisation registration number.", field));
        else if (!IsWellFormed(number))
            faults.Add(new Problem(
                ProblemCode.RegistrationNumberMalformed, "The organisation registration number is malformed.", field));
        if (string.IsNullOrEmpty(phoneNumber))
            faults.Add(new Problem(ProblemCode.RegistrationPhoneMissing, "The country demands a phone number.", phoneField));
        return faults.None ? null : faults.ToProblem();
    }

    private static bool IsWellFormed(string number) => number.Length <= MaxLength
        && number.Any(char.IsAsciiDigit)
        && number.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '/' or ' ');
}
