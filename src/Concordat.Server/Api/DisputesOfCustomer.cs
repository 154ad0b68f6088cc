using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Api;

/// <summary>
/// A signatory's "this was not me". <c>state</c> is open, upheld, rejected, or corrected when the partner corrected the record instead;
/// <c>words</c> and <c>reason</c> are for the agents who deal with them.
/// </summary>
internal sealed record DisputeDocument(
    Guid Id, string State, string OpenedAt, Guid Record, Guid RecordEntry, Guid Entry, string? Words, string? SettledAt, Guid? SettledEntry, string? Reason);

/// <summary>Every dispute about a customer, oldest first.</summary>
internal sealed record DisputesDocument(Guid Customer, IReadOnlyList<DisputeDocument> Items);

/// <summary>The ledger entry of what settled it.</summary>
internal sealed record SettledDocument(Guid Entry);

/// <summary>How a dispute is settled: <c>outcome</c> is upheld (the record is withdrawn) or rejected (it stands).</summary>
internal sealed record ResolutionDocument(string? Outcome, string? Reason);

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DisputesDocument))]
[JsonSerializable(typeof(ResolutionDocument))]
[JsonSerializable(typeof(SettledDocument))]
internal sealed partial class DisputeJson : JsonSerializerContext;

/// <summary>What signatories dispute, and how the partner settles it.</summary>
internal static class DisputesOfCustomer
{
    /// <summary>Settling decides about a person's objection: an Admin agent answers for it.</summary>
    private static readonly Access Settle = new(AppOnly: false, User: true, Roles.AdminAgent, Resellers: false);

    public static void Map(ApiRoutes routes)
    {
        routes.Get("customers/{customer}/disputes", Access.Ask, GetAsync,
            new RouteNote("Lists what a customer's signatories dispute, oldest first.", Response: typeof(DisputesDocument)));
        routes.Post("customers/{customer}/disputes/{dispute}/resolution", Settle, SettleAsync,
            new RouteNote("Settles a dispute: the record is withdrawn, or it stands.", 200, typeof(ResolutionDocument), typeof(SettledDocument)));
    }

    private static async Task GetAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (partner, vault) = (call.Partner.Id, call.Parts.Context.Vault);
        var mayReadWords = (call.Parts.Directory.RolesOf(call.Caller) & Roles.Agents) != 0;
        var (standing, items) = await call.ReadAsync(async tx =>
        {
            var row = await StandingRows.FindAsync(tx, partner, customer);
            var facts = await FactRows.OfAsync(tx, partner, customer);
            var documents = new List<DisputeDocument>();
            foreach (var dispute in facts.Where(fact => fact.Fact.Kind == FactKind.Disputed))
            {
                var settled = Disputes.SettledBy(facts, dispute.Fact);
                documents.Add(ToDocument(facts, dispute, settled,
                    mayReadWords ? await Disputes.FieldAsync(tx, vault, partner, customer, dispute, Disputes.Words) : null,
                    mayReadWords && settled is not null ? await Disputes.FieldAsync(tx, vault, partner, customer, settled, Disputes.Words) : null));
            }

            return (row, documents);
        });
        if (Relationship.Check(standing) is { } absent)
        {
            await call.RefuseAsync(absent);
            return;
        }

        await call.RespondAsync(200, new DisputesDocument(customer.Value, items), DisputeJson.Default.DisputesDocument);
    }

    private static async Task SettleAsync(Call call)
    {
        var context = call.Parts.Context;
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !call.Id("dispute").TryGetValue(out var id, out problem)
            || !call.Read(DisputeJson.Default.ResolutionDocument).TryGetValue(out var body, out problem)
            || !Read(body).TryGetValue(out var resolution, out problem)
            || !(await context.Loop.RunAsync(new ResolveDispute(context, call.Actor, customer, new FactId(id), resolution.Upheld, resolution.Reason)))
                .TryGetValue(out var settled, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        await call.RespondAsync(200, new SettledDocument(settled.Entry.Value), DisputeJson.Default.SettledDocument);
    }

    private static Outcome<Resolution> Read(ResolutionDocument body)
    {
        var reason = body.Reason?.Trim() ?? "";
        return body.Outcome is not ("upheld" or "rejected") ? new Problem(ProblemCode.UnknownEnumWord, "outcome is upheld or rejected.", "outcome")
            : reason.Length is 0 or > Disputes.LongestWords || reason.Any(char.IsControl)
                ? new Problem(ProblemCode.InvalidInput, $"Give a reason of {Disputes.LongestWords} characters at most, without control characters.", "reason")
            : new Resolution(body.Outcome == "upheld", reason);
    }

    private static DisputeDocument ToDocument(List<FactRow> facts, FactRow dispute, FactRow? settled, string? words, string? reason) => new(
        dispute.Fact.Id.Value,
        settled?.Fact.Kind switch { null => "open", FactKind.Withdrawn => "upheld", FactKind.Corrected => "corrected", _ => "rejected" },
        LedgerEntry.Instant(dispute.Fact.RecordedAt), dispute.Fact.Concerns!.Value.Value,
        facts.Single(fact => fact.Fact.Id == dispute.Fact.Concerns).Entry.Value, dispute.Entry.Value, words,
        settled is null ? null : LedgerEntry.Instant(settled.Fact.RecordedAt), settled?.Entry.Value, reason);

    private sealed record Resolution(bool Upheld, string Reason);
}
