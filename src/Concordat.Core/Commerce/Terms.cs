namespace Concordat.Core.Commerce;

/// <summary>Billing cycles and terms: one stored spelling for every spelling that clients send.</summary>
public static class Terms
{
    /// <summary>How long after a purchase or a seat increase seats can be given back: seven days in new commerce.</summary>
    public static readonly TimeSpan RefundWindow = TimeSpan.FromDays(7);

    /// <summary>
    /// The stored word for a billing cycle in any casing, with or without the underscore (<c>OneTime</c>, <c>one_time</c>);
    /// null for a word that is none.
    /// </summary>
    public static string? BillingCycle(string word) => word.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant() switch
    {
        "MONTHLY" => "monthly",
        "ANNUAL" => "annual",
        "ONETIME" => "one_time",
        "TRIENNIAL" => "triennial",
        "BIENNIAL" => "biennial",
        "NONE" => "none",
        "UNKNOWN" => "unknown",
        _ => null,
    };

    /// <summary>The stored word for a term (<c>P1M</c>, <c>P1Y</c>, <c>P3Y</c>); null for one that is none.</summary>
    public static string? TermDuration(string word) => word.ToUpperInvariant() switch
    {
        "P1M" => "P1M",
        "P1Y" => "P1Y",
        "P2Y" => "P2Y",
        "P3Y" => "P3Y",
        _ => null,
    };

    /// <summary>
    /// End of a term that starts at <paramref name="start"/>. <paramref name="anchorDay"/> is the day of the month (29 to 31)
    /// on which terms would begin had this month been long enough; null when it was.
    /// </summary>
    public static DateTimeOffset? End(string? termDuration, DateTimeOffset start, int? anchorDay = null) => termDuration switch
    {
        "P1M" => Anchored(start.AddMonths(1), anchorDay),
        "P1Y" => Anchored(start.AddYears(1), anchorDay),
        "P2Y" => Anchored(start.AddYears(2), anchorDay),
        "P3Y" => Anchored(start.AddYears(3), anchorDay),
        _ => null,
    };

    private static DateTimeOffset Anchored(DateTimeOffset end, int? anchorDay) => anchorDay is { } day && day > end.Day
        ? end.AddDays(Math.Min(day, DateTime.DaysInMonth(end.Year, end.Month)) - end.Day)
        : end;
}
