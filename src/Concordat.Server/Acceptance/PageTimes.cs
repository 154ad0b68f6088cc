using Concordat.Server.Hosting.Pages;

namespace Concordat.Server.Acceptance;

/// <summary>Times as signatories read them.</summary>
internal static class PageTimes
{
    // No daylight saving.
    private static readonly TimeSpan JapanTime = TimeSpan.FromHours(9);

    /// <summary>As the reader's language writes it, with its zone.</summary>
    public static string When(this Texts words, DateTimeOffset at) =>
        words["Acceptance.When", words.Language == "ja" ? at.ToOffset(JapanTime) : at.ToUniversalTime()];

    /// <summary>For <c>datetime</c> attributes.</summary>
    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
