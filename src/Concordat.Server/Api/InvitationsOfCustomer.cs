using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Api;

/// <summary>Who gets the mail.</summary>
internal sealed record RecipientDocument(string? FirstName, string? LastName, string? Email);

/// <summary>An invitation to be made: without a recipient its text is answered, for the partner to send.</summary>
internal sealed record InvitationRequest(RecipientDocument? Recipient, string? Language, int? RemindAfterDays);

/// <summary>The words for a mail of the partner's own.</summary>
internal sealed record InvitationWords(string Subject, string Body, string Link);

/// <summary>
/// An invitation on its way. <c>reason</c> is never, outdated, declined, disputed or wanted; <c>delivery</c> is text, due, sent, failed
/// or cancelled; <c>opened</c> says that somebody of the customer had the page on their screen.
/// </summary>
internal sealed record InvitationDocument(
    Guid Id, string Reason, string? RefusedFrom, string Language, string CreatedAt, string Delivery, string? SentAt, string? OpenedAt,
    string? AcceptedAt, string? CancelledAt, string? ReminderAt, string? Reminder, InvitationWords? Text);

/// <summary>Every invitation of a customer, oldest first.</summary>
internal sealed record InvitationsDocument(Guid Customer, IReadOnlyList<InvitationDocument> Items);

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InvitationRequest))]
[JsonSerializable(typeof(InvitationDocument))]
[JsonSerializable(typeof(InvitationsDocument))]
internal sealed partial class InvitationJson : JsonSerializerContext;

/// <summary>Asks customers to accept directly, and shows what became of it.</summary>
internal static class InvitationsOfCustomer
{
    private const int LongestWait = 90;

    public static void Map(ApiRoutes routes)
    {
        routes.Get("customers/{customer}/invitations", Access.Ask, GetAsync,
            new RouteNote("Shows the invitations to accept directly, oldest first.", Response: typeof(InvitationsDocument)));
        routes.Post("customers/{customer}/invitations", Access.Transact, InviteAsync,
            new RouteNote("Invites a customer to accept directly, by mail or by a text to send.", 201, typeof(InvitationRequest), typeof(InvitationDocument)));
        routes.Post("customers/{customer}/invitations/{invitation}/cancellation", Access.Transact, CancelAsync,
            new RouteNote("Takes an invitation back, with its reminder.", 200, Response: typeof(InvitationDocument)));
    }

    private static async Task GetAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (standing, items) = await ReadAsync(call, customer);
        if (Relationship.Check(standing) is { } absent)
        {
            await call.RefuseAsync(absent);
            return;
        }

        await call.RespondAsync(200, new InvitationsDocument(customer.Value, items), InvitationJson.Default.InvitationsDocument);
    }

    private static async Task InviteAsync(Call call)
    {
        var context = call.Parts.Context;
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !call.Read(InvitationJson.Default.InvitationRequest).TryGetValue(out var body, out problem)
            || !Read(call, body).TryGetValue(out var asked, out problem)
            || !(await context.Loop.RunAsync(new Invite(context, call.Actor, customer, call.Key, asked))).TryGetValue(out var row, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        await AnswerAsync(call, customer, row.Id, 201);
    }

    private static async Task CancelAsync(Call call)
    {
        var context = call.Parts.Context;
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !call.Id("invitation").TryGetValue(out var id, out problem)
            || !(await context.Loop.RunAsync(new CancelInvitation(context, call.Actor, customer, id))).TryGetValue(out _, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        await AnswerAsync(call, customer, id, 200);
    }

    private static async Task AnswerAsync(Call call, CustomerId customer, Guid id, int status) => await call.RespondAsync(
        status, (await ReadAsync(call, customer)).Items.Single(item => item.Id == id), InvitationJson.Default.InvitationDocument);

    private static Outcome<AskedInvitation> Read(Call call, InvitationRequest body)
    {
        var language = Texts.Find(body.Language ?? (call.Partner.Country == "JP" ? "ja" : "en"));
        if (language is null)
        {
            return new Problem(ProblemCode.InvalidInput, $"language is {string.Join(", ", Texts.All.Select(texts => texts.Language))}.", "language");
        }

        if (body.RemindAfterDays is { } days and (< 1 or > LongestWait))
        {
            return new Problem(ProblemCode.InvalidInput, $"remindAfterDays is 1 to {LongestWait}, not {days}.", "remindAfterDays");
        }

        if (body.Recipient is not { } recipient)
        {
            return new AskedInvitation(null, language.Language, null);
        }

        return Contact.Parse(recipient.FirstName, recipient.LastName, recipient.Email, null, "recipient").TryGetValue(out var contact, out var problem)
            ? new AskedInvitation(contact, language.Language, body.RemindAfterDays is { } wait ? TimeSpan.FromDays(wait) : null)
            : problem;
    }

    private static async Task<(StandingRow? Standing, List<InvitationDocument> Items)> ReadAsync(Call call, CustomerId customer)
    {
        var partner = call.Partner.Id;
        var (standing, rows, mails, direct) = await call.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, partner, customer), await InvitationRows.OfCustomerAsync(tx, partner, customer),
            await OutboxRows.OfCustomerAsync(tx, partner, customer), await DirectAcceptanceRows.LatestAsync(tx, customer)));
        var byInvitation = mails.ToLookup(mail => mail.Reference);
        return (standing, [.. rows.Select(row => ToDocument(call, row, [.. byInvitation[row.Id]], standing?.Company ?? "", direct?.At))]);
    }

    private static InvitationDocument ToDocument(Call call, InvitationRow row, List<OutboxRow> mails, string company, DateTimeOffset? accepted)
    {
        var mail = mails.FirstOrDefault(one => one.Kind == Outbox.Word(MailKind.Invitation));
        var reminder = mails.FirstOrDefault(one => one.Kind == Outbox.Word(MailKind.Reminder));
        var text = InvitationText.Of(row, call.Partner.Name, company, call.Parts.PublicUrl, reminds: false);
        return new InvitationDocument(
            row.Id, row.Reason, Iso(row.RefusedFrom), row.Language, Iso(row.CreatedAt)!, mail?.State ?? "text",
            mail is { State: OutboxRow.StateSent } ? Iso(mail.Ended) : null, Iso(row.OpenedAt), accepted >= row.CreatedAt ? Iso(accepted) : null,
            Iso(row.CancelledAt), Iso(reminder?.Next), reminder?.State, mail is null ? new InvitationWords(text.Subject, text.Plain, text.Link) : null);
    }

    private static string? Iso(DateTimeOffset? at) => at is { } instant ? LedgerEntry.Instant(instant) : null;
}
