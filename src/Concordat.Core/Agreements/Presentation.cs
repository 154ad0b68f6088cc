namespace Concordat.Core.Agreements;

/// <summary>
/// What a signatory saw and pressed, by its digests (64 lower-case hex digits each). The page computes one from what it
/// shows, the form carries it back; both must be equal when the answer comes.
/// </summary>
/// <param name="TextSha256">Of the agreement's plain text.</param>
/// <param name="StatementSha256">Of the statement beside the box.</param>
/// <param name="ButtonSha256">Of the words on the button that was pressed.</param>
/// <param name="ScreenSha256">Of everything on the page around the text.</param>
/// <param name="Build">The page's build.</param>
public sealed record Presentation(string TextSha256, string StatementSha256, string ButtonSha256, string ScreenSha256, string Build);
