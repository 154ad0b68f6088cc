using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Fields;

namespace Concordat.Server.PartnerCenter;

/// <summary>A word or date as sent, in the stored spelling; null when it was not given.</summary>
internal readonly record struct Given<T>(T? Value);

/// <summary>
/// Enumeration words and dates as clients send them: any casing, with or without underscores, null, empty, and the value
/// that a client library fills in when nothing was set (clients reference, rules 2 to 4).
/// </summary>
internal static class WireWords
{
    public static Outcome<Given<string>> BillingCycle(string? word, string field) => word is null or "" || IsUnset(word)
        ? new Given<string>(null)
        : Terms.BillingCycle(word) is { } known
            ? new Given<string>(known)
            : new Problem(ProblemCode.UnknownEnumWord, "billingCycle is monthly, annual, one_time, triennial, biennial or none.", field);

    public static Outcome<Given<string>> TermDuration(string? word, string field) => word is null or ""
        ? new Given<string>(null)
        : Terms.TermDuration(word) is { } known
            ? new Given<string>(known)
            : new Problem(ProblemCode.UnknownEnumWord, "termDuration is P1M, P1Y, P2Y or P3Y.", field);

    /// <summary>
    /// Whether the users' licences go along with a move: <c>verb_with_license_transfer</c>, and not <c>verb_only</c>, which is
    /// also what nothing means.
    /// </summary>
    public static Outcome<bool> MovesLicenses(string? word, string verb, string field)
    {
        var sent = (word ?? "").Replace("_", "", StringComparison.Ordinal);
        return sent.Length == 0 || Is("none") || Is($"{verb}only") ? false
            : Is($"{verb}withlicensetransfer") ? true
            : new Problem(ProblemCode.UnknownEnumWord, $"{field} is {verb}_only or {verb}_with_license_transfer.", field);

        bool Is(string known) => sent.Equals(known, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A subscription's status; <c>none</c> is what client libraries send for not set.</summary>
    public static Outcome<Given<string>> Status(string? word, string field) => word?.ToUpperInvariant() switch
    {
        null or "" or "NONE" => new Given<string>(null),
        "ACTIVE" => new Given<string>("active"),
        "SUSPENDED" => new Given<string>("suspended"),
        "DELETED" or "CANCELLED" or "CANCELED" => new Given<string>("deleted"),
        "EXPIRED" => new Given<string>("expired"),
        "PENDING" => new Given<string>("pending"),
        "DISABLED" => new Given<string>("disabled"),
        _ => new Problem(ProblemCode.UnknownEnumWord, "status is active, suspended or deleted.", field),
    };

    /// <summary>A date in any of the forms that clients send; the year 1 means not set.</summary>
    public static Outcome<Given<DateTimeOffset?>> Date(string? text, string field) => text is null or ""
        ? new Given<DateTimeOffset?>(null)
        : Instant.TryParse(text, out var instant)
            ? new Given<DateTimeOffset?>(instant.Year <= 1 ? null : instant)
            : new Problem(ProblemCode.InvalidInput, "A date is written as 2026-01-31T00:00:00Z.", field);

    /// <summary>A text of one line that is kept as it came: a friendly name, a partner id. Empty counts as not given.</summary>
    public static Outcome<Given<string>> Text(string? text, string field, int most = MostLetters) => text is null or ""
        ? new Given<string>(null)
        : SingleLine.Fault(text, most) is { } fault
            ? new Problem(ProblemCode.InvalidInput, $"The field {fault}", field)
            : new Given<string>(text);

    /// <summary>Microsoft documents no limit of these texts; the column needs one.</summary>
    private const int MostLetters = 256;

    /// <summary>An ISO 4217 code, three letters; null when it was not given. A sandbox has no price list, so any is as good.</summary>
    public static Outcome<Given<string>> Currency(string? code, string field) => code is null or ""
        ? new Given<string>(null)
        : code.Length == 3 && code.All(char.IsAsciiLetter)
            ? new Given<string>(code.ToUpperInvariant())
            : new Problem(ProblemCode.InvalidInput, "currencyCode is three letters, such as USD.", field);

    private static bool IsUnset(string word) => word.Equals("unknown", StringComparison.OrdinalIgnoreCase);
}
