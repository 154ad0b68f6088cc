using Concordat.Core;
using Concordat.Server.Operations;

namespace Concordat.Server.Hosting;

/// <summary>
/// Every line that this program writes to its log. Their meaning is in docs/operations.md. No name, address, phone number,
/// token, body, path or header value may be an argument; a request id is one only because it is checked to be printable.
/// </summary>
internal static partial class LogEvents
{
    [LoggerMessage(100, LogLevel.Information, "Refused before it began: {Code}, request {RequestId}.")]
    public static partial void AccessRefused(ILogger log, ProblemCode code, string requestId);

    [LoggerMessage(101, LogLevel.Warning, "Partner {Partner} has reached its limit of {Call}, request {RequestId}.")]
    public static partial void Throttled(ILogger log, PartnerId partner, string call, string requestId);

    [LoggerMessage(102, LogLevel.Warning, "Partner {Partner} confirmed the legacy way, which is deprecated; request {RequestId} and maybe others of this hour.")]
    public static partial void LegacyConfirmation(ILogger log, PartnerId partner, string requestId);

    [LoggerMessage(103, LogLevel.Warning, "Partner {Partner} wanted to use one customer's attestation for another, request {RequestId}.")]
    public static partial void AttestationOfAnother(ILogger log, PartnerId partner, string requestId);

    [LoggerMessage(104, LogLevel.Warning, "A form of the acceptance page was refused as {Fault} for attestation {Attestation}, request {RequestId}.")]
    public static partial void FormRefused(ILogger log, string fault, AttestationId attestation, string requestId);

    [LoggerMessage(200, LogLevel.Error, "The database failed under request {RequestId}.")]
    public static partial void DatabaseFailed(ILogger log, Exception error, string requestId);

    [LoggerMessage(201, LogLevel.Error, "A bug showed under request {RequestId}.")]
    public static partial void BugShown(ILogger log, Exception error, string requestId);

    [LoggerMessage(210, LogLevel.Warning, "A batch of {Count} operations failed; carrying them out one by one.")]
    public static partial void BatchFailed(ILogger log, Exception error, int count);

    [LoggerMessage(211, LogLevel.Error, "{Operation} failed at {Stage}.")]
    public static partial void OperationFailed(ILogger log, Exception error, string operation, string stage);

    [LoggerMessage(212, LogLevel.Error, "Rolling back failed; the next transaction will show whether the database is usable.")]
    public static partial void RollbackFailed(ILogger log, Exception error);

    [LoggerMessage(213, LogLevel.Error, "The last operations could not be made durable within {Seconds} s; their callers were not answered.")]
    public static partial void DrainTimedOut(ILogger log, int seconds);

    [LoggerMessage(214, LogLevel.Error, "Something that follows a commit failed.")]
    public static partial void AfterCommitFailed(ILogger log, Exception error);

    [LoggerMessage(215, LogLevel.Error, "The audit rows of {Count} refusals could not be written before the end.")]
    public static partial void RefusalsLost(ILogger log, int count);

    [LoggerMessage(220, LogLevel.Critical, "The ledger signs nothing more: {Fault}.")]
    public static partial void LedgerHalted(ILogger log, string fault);

    [LoggerMessage(221, LogLevel.Error, "The ledger signs nothing for now: {Fault}.")]
    public static partial void LedgerClockWrong(ILogger log, string fault);

    [LoggerMessage(300, LogLevel.Warning, "The signing keys of {Issuer} could not be read; the last known ones stay.")]
    public static partial void KeysNotRead(ILogger log, Exception error, string issuer);

    [LoggerMessage(301, LogLevel.Warning, "Partners and people could not be read anew; the last known ones stay.")]
    public static partial void DirectoryNotRead(ILogger log, Exception error);

    [LoggerMessage(302, LogLevel.Warning, "An id token was refused: {Reason}")]
    public static partial void IdTokenRefused(ILogger log, string reason);

    [LoggerMessage(500, LogLevel.Information, "Mail {Mail}: {Outcome}, {Reply}.")]
    public static partial void MailOffered(ILogger log, Guid mail, MailOutcome outcome, string reply);

    [LoggerMessage(501, LogLevel.Warning, "The mail server is away ({Where}); mails wait until it is back.")]
    public static partial void MailServerAway(ILogger log, string where);

    [LoggerMessage(502, LogLevel.Information, "The mail server is back.")]
    public static partial void MailServerBack(ILogger log);

    [LoggerMessage(503, LogLevel.Error, "Mail {Mail} cannot be composed and is given up.")]
    public static partial void MailNotComposed(ILogger log, Exception error, Guid mail);

    [LoggerMessage(504, LogLevel.Error, "What became of mail {Mail} could not be noted yet; it is tried again.")]
    public static partial void MailNotNoted(ILogger log, Exception error, Guid mail);

    [LoggerMessage(505, LogLevel.Error, "Mail {Mail} was not carried; its claim ends by itself and it is tried again.")]
    public static partial void MailNotCarried(ILogger log, Exception error, Guid mail);

    [LoggerMessage(506, LogLevel.Error, "Due mails could not be claimed; it is tried again.")]
    public static partial void MailsNotClaimed(ILogger log, Exception error);

    [LoggerMessage(507, LogLevel.Warning, "No mail server is configured; mails wait in the outbox.")]
    public static partial void NoMailServer(ILogger log);

    [LoggerMessage(400, LogLevel.Information, "Listening on {Addresses}.")]
    public static partial void Listening(ILogger log, string addresses);

    [LoggerMessage(401, LogLevel.Information, "Stopped.")]
    public static partial void Stopped(ILogger log);
}
