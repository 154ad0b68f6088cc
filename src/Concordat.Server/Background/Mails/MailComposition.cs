using Concordat.Server.Hosting.Pages;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Background.Mails;

/// <summary>What a composer works with: the mail's row, the partner it is sent for, and reading the rows it names.</summary>
/// <param name="Context">Vault, clocks, database.</param>
/// <param name="Mail">The row, and the signatory's token of this copy.</param>
/// <param name="Partner">On whose behalf.</param>
/// <param name="PublicUrl">Where people reach this service; no slash at the end.</param>
internal sealed record MailComposition(OperationContext Context, ClaimedMail Mail, PartnerRow Partner, string PublicUrl)
{
    public OutboxRow Row => Mail.Row;

    /// <summary>The link to the signatory's own page; null for a kind without one.</summary>
    public string? SignatoryUrl => Mail.SignatoryToken is { } token ? PublicUrl + SignatoryLink.Path + token : null;

    /// <summary>Reads rows of this mail's partner.</summary>
    public ValueTask<T> ReadAsync<T>(Func<Tx, ValueTask<T>> read) => Context.Database.ReadAsync(Row.Partner, read);

    /// <summary>
    /// Makes the mail from paragraphs. Values in them are taken as text: what a person wrote can be no markup.
    /// </summary>
    public static ComposedMail Write(Texts texts, string address, string? name, string subject, IReadOnlyList<MailBlock> blocks) =>
        new(address, name, subject, MailPage.Text(blocks), MailPage.Html(texts, subject, blocks), texts.Language);
}

/// <summary>
/// Makes the words of each kind of mail; <see cref="NotSupportedException"/> for a kind that this version does not know. A composer answers null when the mail is not wanted any more. A further kind is one
/// line here and one file beside it.
/// </summary>
internal static class Composers
{
    public static ValueTask<ComposedMail?> ComposeAsync(MailComposition mail) => mail.Row.Kind switch
    {
        "alert" => AlertMail.ComposeAsync(mail),
        "code" => CodeMail.ComposeAsync(mail),
        "invitation" or "reminder" => InvitationMail.ComposeAsync(mail),
        "notice" => NoticeMail.ComposeAsync(mail),
        var kind => throw new NotSupportedException($"There is no composer for mails of kind {kind}."),
    };
}
