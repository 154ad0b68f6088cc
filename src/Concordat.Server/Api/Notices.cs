using System.Text.Json.Serialization;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Api;

/// <summary>One offer of a notice to the mail server: codes only, never the server's words.</summary>
internal sealed record AttemptDocument(string At, string Outcome, string Reply);

/// <summary>
/// A notice on its way. <c>handedOver</c> says that a mail server took it, not that somebody read it; <c>failed</c> that it was
/// refused for good or given up, with the last reply.
/// </summary>
internal sealed record NoticeDocument(
    Guid Id, string State, string CreatedAt, string DueAt, string? EndedAt, string? NextTryAt, long Tries, string? LastReply, Guid? Entry,
    Guid? Repeats, IReadOnlyList<AttemptDocument> Attempts);

/// <summary>Every notice about a customer, oldest first.</summary>
internal sealed record NoticesDocument(Guid Customer, IReadOnlyList<NoticeDocument> Items);

/// <summary>The mail that was queued.</summary>
internal sealed record ResentDocument(Guid Id);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NoticesDocument))]
[JsonSerializable(typeof(ResentDocument))]
internal sealed partial class NoticeJson : JsonSerializerContext;

/// <summary>What became of the notices to a customer's signatories, and how to send one again.</summary>
internal static class Notices
{
    /// <summary>Sending again writes to a person in the partner's name: an Admin agent answers for it.</summary>
    private static readonly Access Resend = new(AppOnly: false, User: true, Roles.AdminAgent, Resellers: false);

    public static void Map(ApiRoutes routes)
    {
        routes.Get("customers/{customer}/notices", Access.Ask, GetAsync,
            new RouteNote("Shows what became of the notices to a customer's signatories.", Response: typeof(NoticesDocument)));
        routes.Post("customers/{customer}/notices/{notice}/resend", Resend, ResendAsync,
            new RouteNote("Sends a notice again, three times a day at most.", Status: 202, Response: typeof(ResentDocument)));
    }

    private static async Task GetAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var partner = call.Partner.Id;
        var (standing, rows, attempts) = await call.Parts.Database.ReadAsync(partner, async tx => (
            await StandingRows.FindAsync(tx, partner, customer),
            await OutboxRows.OfCustomerAsync(tx, partner, customer),
            await MailAttemptRows.OfCustomerAsync(tx, partner, customer)));
        if (Relationship.Check(standing) is { } absent)
        {
            await call.RefuseAsync(absent);
            return;
        }

        var byMail = attempts.ToLookup(attempt => attempt.Mail);
        var notice = Outbox.Word(MailKind.Notice);
        var items = rows.Where(row => row.Kind == notice).Select(row => ToDocument(row, byMail[row.Id])).ToList();
        await call.RespondAsync(200, new NoticesDocument(customer.Value, items), NoticeJson.Default.NoticesDocument);
    }

    private static async Task ResendAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem) || !call.Id("notice").TryGetValue(out var notice, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var outcome = await call.Parts.Context.Loop.RunAsync(new ResendMail(call.Parts.Context, call.Actor, customer, call.Key, notice));
        await (outcome.TryGetValue(out var id, out problem)
            ? call.RespondAsync(202, new ResentDocument(id), NoticeJson.Default.ResentDocument)
            : call.RefuseAsync(problem));
    }

    private static NoticeDocument ToDocument(OutboxRow row, IEnumerable<MailAttemptRow> attempts) => new(
        row.Id, row.State == OutboxRow.StateSent ? "handedOver" : row.State, LedgerEntry.Instant(row.Created), LedgerEntry.Instant(row.Due),
        row.Ended is { } ended ? LedgerEntry.Instant(ended) : null,
        row is { State: OutboxRow.StateDue, Tries: > 0 } ? LedgerEntry.Instant(row.Next) : null, row.Tries, row.LastReply, row.Entry?.Value, row.Repeats,
        [.. attempts.Select(attempt => new AttemptDocument(LedgerEntry.Instant(attempt.At), attempt.Outcome, attempt.Reply))]);
}
