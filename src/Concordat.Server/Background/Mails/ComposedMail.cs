namespace Concordat.Server.Background.Mails;

/// <summary>
/// A mail with its words, made right before it is offered and never stored. <paramref name="Subject"/> holds fixed text and
/// our own references only: nothing that a person wrote.
/// </summary>
/// <param name="Address">One mailbox.</param>
/// <param name="Name">The recipient's name, or null.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">For readers without HTML; lines end in LF.</param>
/// <param name="Html">A whole page that loads nothing.</param>
/// <param name="Language">Of the text: <c>ja</c>, <c>en</c>.</param>
internal sealed record ComposedMail(string Address, string? Name, string Subject, string Text, string Html, string Language)
{
    /// <summary>Without the person, so that no log line can carry one.</summary>
    public override string ToString() => "ComposedMail";
}
