using System.Text.RegularExpressions;

namespace Concordat.Server.Acceptance;

/// <summary>
/// What the page's script says about how it was seen and used. It can be made up, so it decides nothing; it goes on the
/// record as what the browser said.
/// </summary>
/// <param name="Viewport">Inner width and height, <c>1280x900</c>.</param>
/// <param name="Activated">A person pressed the button, as the browser sees it.</param>
/// <param name="TextSeen">How much of the agreement was on the screen at some time, per cent.</param>
/// <param name="Visibility">Whether the button was in view when it was pressed: <c>visible</c>, <c>hidden</c>, <c>unknown</c>.</param>
internal sealed partial record Hints(string Viewport, bool Activated, int TextSeen, string Visibility)
{
    /// <summary>Null where there was no script, or what came is none of ours.</summary>
    public static Hints? Read(string? text) => Format().Match(text ?? "") is { Success: true } found
        ? new Hints(found.Groups[1].Value, found.Groups[2].Value == "1", int.Parse(found.Groups[3].Value, System.Globalization.CultureInfo.InvariantCulture), found.Groups[4].Value)
        : null;

    [GeneratedRegex(@"^(\d{1,5}x\d{1,5}) ([01]) (100|\d{1,2}) (visible|hidden|unknown)\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Format();
}
