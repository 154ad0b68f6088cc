using Concordat.Server.Operations;

namespace Concordat.Server.Background.Mails;

/// <summary>
/// Where mails go: a mail server, or the sandbox's mailbox. This and <see cref="IMailSession"/> are the one seam between the
/// outbox and the way a mail travels.
/// </summary>
internal interface IMailServer
{
    /// <summary>The address that all mails come from, in header and envelope.</summary>
    string From { get; }

    /// <summary>Opens a session; throws <see cref="MailServerAwayException"/> when none can be had now.</summary>
    Task<IMailSession> OpenAsync(CancellationToken cancel);
}

/// <summary>One conversation with a mail server, for one mail after the other.</summary>
internal interface IMailSession : IAsyncDisposable
{
    /// <summary>False once the conversation is over, whoever ended it.</summary>
    bool Usable { get; }

    /// <summary>
    /// Offers a mail. <paramref name="beforeLastLine"/> runs right before the line that makes the server responsible: what
    /// comes after it is what a crash can double.
    /// </summary>
    Task<MailReply> OfferAsync(MimeMessage message, Func<Task> beforeLastLine, CancellationToken cancel);
}

/// <summary>The answer to an offer.</summary>
/// <param name="Outcome">What it means.</param>
/// <param name="Codes">Reply code and enhanced code (<c>450 4.2.0</c>), or where the connection ended (<c>dropped at RCPT</c>).</param>
/// <param name="Broken">It was the connection and not the mail.</param>
internal sealed record MailReply(MailOutcome Outcome, string Codes, bool Broken = false);

/// <summary>There is no mail server to be had now; the message says where it ended and names no address.</summary>
internal sealed class MailServerAwayException(string where) : Exception(where);
