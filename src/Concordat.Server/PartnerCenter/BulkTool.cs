using System.Text.Json;
using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>A customer to re-attest. The tool stops at a date that is null or a text: 0 stands for none.</summary>
internal sealed record WireAgreementRecord(
    string CustomerTenantId, WireContact? LastAgreementPrimaryContact, long LastAgreementDateEpoch, bool PartnerAttestationCompleted);

/// <summary>A page of them; the tool takes no collection envelope here.</summary>
internal sealed record WireAgreementRecords(IReadOnlyList<WireAgreementRecord> CustomerAgreementRecords, string? ContinuationToken);

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireAgreementRecords))]
[JsonSerializable(typeof(JsonElement[]))]
[JsonSerializable(typeof(WireReAttestation))]
[JsonSerializable(typeof(IReadOnlyList<WireReAttestationOutcome>))]
internal sealed partial class BulkJson : JsonSerializerContext;

/// <summary>The two calls of Microsoft's bulk attestation tool.</summary>
internal static class BulkTool
{
    private const string List = "agreement records";
    private const int PageSize = 500;
    private const int ReadAtOnce = 5_000;

    public static void Map(WireRoutes routes)
    {
        routes.Get("partners/customeragreementrecords", Access.Attest, ListAsync,
            new RouteNote("Lists the customers whose attestation is not valid now.", Response: typeof(WireAgreementRecords))
            {
                Query = [new("continuation_token", "From the page before; continuationToken is read as well.")],
            });
        routes.Post("CreateBulkReAttestation", Access.Attest, BulkReAttestation.PostAsync, new RouteNote(
            "Records confirmations for many customers; every record has an outcome of its own.",
            Request: typeof(IReadOnlyList<WireReAttestation>), Response: typeof(IReadOnlyList<WireReAttestationOutcome>)));
    }

    private static async Task ListAsync(Call call)
    {
        var token = call.Query("continuation_token") ?? call.Query("continuationToken");
        if (!call.Parts.PageTokens.ReadCustomer(call.Partner.Id, List, token, "continuation_token").TryGetValue(out var after, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var records = await call.ReadAsync(async tx =>
        {
            var actionable = await ActionableAsync(tx, call, after);
            return new WireAgreementRecords(
                await WithContactsAsync(tx, call, actionable),
                actionable.Count == PageSize ? call.Parts.PageTokens.Create(call.Partner.Id, List, actionable[^1].Id.Customer) : null);
        });
        await call.RespondAsync(200, records, BulkJson.Default.WireAgreementRecords);
    }

    /// <summary>The next customers that the gate would not let buy today; a processed one is no longer among them.</summary>
    private static async ValueTask<List<StoredStanding>> ActionableAsync(Tx tx, Call call, CustomerId after)
    {
        var context = call.Parts.Context;
        var now = context.PolicyNow(call.Partner.Environment);
        var found = new List<StoredStanding>(PageSize);
        while (true)
        {
            var page = await StandingRows.PageAsync(tx, call.Partner.Id, after, ReadAtOnce);
            foreach (var stored in page.Where(stored => stored.Active))
            {
                var question = new GateQuestion(
                    stored.Standing, ActionClass.NewPurchase, Channel.Api, call.Partner.Environment, now, call.Partner.Switches);
                if (!Gate.Verdict(question, context.Timeline).Permitted)
                {
                    found.Add(stored);
                }

                if (found.Count == PageSize)
                {
                    return found;
                }
            }

            if (page.Count < ReadAtOnce)
            {
                return found;
            }

            after = page[^1].Id.Customer;
        }
    }

    private static async ValueTask<IReadOnlyList<WireAgreementRecord>> WithContactsAsync(Tx tx, Call call, List<StoredStanding> actionable)
    {
        var partner = call.Partner.Id;
        var facts = new Dictionary<CustomerId, PlannedRead<FactRow>>();
        var people = new Dictionary<CustomerId, PlannedRead<SubjectRow>>();
        foreach (var stored in actionable.Where(stored => stored.Facts > 0))
        {
            facts.Add(stored.Id.Customer, FactRows.PlanOf(partner, stored.Id.Customer));
            people.Add(stored.Id.Customer, SubjectRows.PlanOfCustomer(partner, stored.Id.Customer, Signatories.Kind));
        }

        await tx.PrefetchAsync([.. facts.Values, .. people.Values]);
        return actionable.ConvertAll(stored =>
        {
            var customer = stored.Id.Customer;
            var last = facts.GetValueOrDefault(customer)?.Rows.LastOrDefault(row => row.Fact.Kind is FactKind.Confirmed or FactKind.Corrected);
            var subject = last is null ? null : people[customer].Rows.Find(row => row.Id == last.Fact.Contact);
            return new WireAgreementRecord(
                customer.ToString(), subject is null ? null : Agreements.ToWire(Signatories.Open(call.Parts.Context.Vault, partner, subject)),
                last?.Fact.DateAgreed.ToUnixTimeSeconds() ?? 0, PartnerAttestationCompleted: false);
        });
    }
}
