using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Ledger;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Api;

/// <summary>
/// What is on record about a customer: the partner's own facts and what the customer did itself, and what follows from it
/// today. People's names are for the agents who deal with them.
/// </summary>
internal static class StandingOfCustomer
{
    public static void Map(ApiRoutes routes) => routes.Get("customers/{customer}/standing", Access.Ask, GetAsync,
        new RouteNote("Shows what is on record about a customer and what it permits today.", Response: typeof(StandingDocument)));

    private static async Task GetAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var partner = call.Partner.Id;
        var (row, account, facts, direct, subjects) = await call.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, partner, customer),
            await CustomerRows.FindAsync(tx, partner, customer),
            await FactRows.OfAsync(tx, partner, customer),
            await FactRows.DirectAsync(tx, customer),
            await SubjectRows.OfCustomerAsync(tx, partner, customer)));
        if (Relationship.Check(row) is { } absent)
        {
            await call.RefuseAsync(absent);
            return;
        }

        var people = MaySeePeople(call) ? subjects.ToDictionary(subject => subject.Id) : [];
        var documents = facts.Select(fact => ToDocument(fact.Fact, fact.Method, fact.Entry.Value, ContactOf(call, fact, people), FlagsOf(fact, facts, account!.CreatedAt),
                facts.FirstOrDefault(other => other.Fact.Id == fact.Fact.Concerns)?.Entry.Value))
            .Concat(direct.Select(fact => ToDocument(fact, "direct", fact.Id.Value, null, [], null)))
            .OrderBy(fact => fact.RecordedAt, StringComparer.Ordinal);
        await call.RespondAsync(200, Document(call, customer, row!.Standing, [.. documents]), ApiJson.Default.StandingDocument);
    }

    private static StandingDocument Document(Call call, CustomerId customer, Standing standing, IReadOnlyList<FactDocument> facts)
    {
        var context = call.Parts.Context;
        var now = context.PolicyNow(call.Partner.Environment);
        var verdicts = Enum.GetValues<ActionClass>().Select(action =>
        {
            var question = new GateQuestion(standing, action, Channel.Api, call.Partner.Environment, now, call.Partner.Switches);
            var decision = Gate.Decide(question, context.Timeline);
            return new VerdictDocument(
                EnumWords<ActionClass>.Of(action), decision.Permitted, (int?)decision.Refusal, decision.RuleId,
                Iso(Gate.NextChange(question, context.Timeline)));
        }).ToArray();
        return new StandingDocument(
            customer.Value, standing.Word, standing.Has(StandingFlags.AcceptedDirectly),
            standing.Attested ? Iso(DateTimeOffset.FromUnixTimeMilliseconds(standing.AttestedUnixMs)) : null,
            standing.Attested ? standing.AttestedVersion : null,
            standing.Attested ? KnownBy(standing.Has(StandingFlags.VersionShown)) : null,
            Iso(now)!, verdicts.Select(verdict => verdict.NextChange).Where(change => change is not null).Min(StringComparer.Ordinal),
            facts, verdicts);
    }

    private static bool MaySeePeople(Call call) => (call.Parts.Directory.RolesOf(call.Caller) & Roles.Agents) != 0;

    private static ContactDocument? ContactOf(Call call, FactRow fact, Dictionary<SubjectId, SubjectRow> people)
    {
        if (fact.Fact.Contact is not { } id || !people.TryGetValue(id, out var subject))
        {
            return null;
        }

        var contact = Signatories.Open(call.Parts.Context.Vault, call.Partner.Id, subject);
        return new ContactDocument(contact.FirstName, contact.LastName, contact.Email, contact.PhoneNumber);
    }

    private static FlagDocument[] FlagsOf(FactRow fact, List<FactRow> facts, DateTimeOffset customerSince)
    {
        var similar = fact.SimilarTo is { } no ? facts.Single(other => other.No == no) : null;
        return [.. FactFlags.Of(fact.Fact, customerSince, AgreementVersions.BuiltIn, similar?.Fact).Select(flag => new FlagDocument(
            EnumWords<FactFlagKind>.Of(flag.Kind), Iso(flag.Reference)!, flag.Similar is null ? null : similar!.Entry.Value))];
    }

    private static FactDocument ToDocument(AgreementFact fact, string method, Guid entry, ContactDocument? contact, FlagDocument[] flags, Guid? concerns) => new(
        EnumWords<FactKind>.Of(fact.Kind), fact.Type.ToString(), fact.IsAcceptance ? Iso(fact.DateAgreed) : null,
        // A partner states an acceptance by the very call that records it.
        fact.Kind is FactKind.Confirmed or FactKind.Corrected ? Iso(fact.RecordedAt) : null,
        Iso(fact.RecordedAt)!, fact.Version, KnownBy(fact.VersionShown), method, entry, contact, flags, concerns);

    private static string KnownBy(bool shown) => shown ? "shown" : "inferred";

    private static string? Iso(DateTimeOffset? instant) => instant is { } at ? LedgerEntry.Instant(at) : null;
}
