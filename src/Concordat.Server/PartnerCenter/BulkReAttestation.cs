using System.Globalization;
using System.Text;
using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;

namespace Concordat.Server.PartnerCenter;

/// <summary>One record of the tool.</summary>
internal sealed record WireReAttestation(string? PartnerId, string? CustomerId, WireAgreement? Agreement, bool? CustomerDirectAcceptance);

/// <summary>What became of one record: the status and code that the single call would have answered.</summary>
internal sealed record WireReAttestationOutcome(string? CustomerId, int Status, int? Code, string? Description);

/// <summary>
/// Confirms many customers by the same operation as the single call. Microsoft's tool reads nothing of the answer, so a
/// refused record is no error of the whole; others find an outcome for each record, in the order sent.
/// </summary>
internal static class BulkReAttestation
{
    /// <summary>About as many as fit into a body of 1 MiB four times over; the tool sends 499.</summary>
    public const int MostRecords = 10_000;

    public static async Task PostAsync(Call call)
    {
        if (!call.Read(BulkJson.Default.JsonElementArray).TryGetValue(out var records, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        if (records.Length > MostRecords)
        {
            await call.RefuseAsync(new Problem(ProblemCode.InvalidInput, "Send 10,000 records at most.", null));
            return;
        }

        var outcomes = new List<WireReAttestationOutcome>(records.Length);
        // As many at a time as one commit carries, so that others' calls find room between them.
        foreach (var chunk in records.Select((record, index) => (record, index)).Chunk(CommitLoop.BatchSize))
        {
            outcomes.AddRange(await Task.WhenAll(chunk.Select(item => ConfirmAsync(call, item.record, item.index))));
        }

        Deprecation.Announce(call, Channel.BulkTool);
        await call.RespondAsync(200, outcomes, BulkJson.Default.IReadOnlyListWireReAttestationOutcome);
    }

    private static async Task<WireReAttestationOutcome> ConfirmAsync(Call call, JsonElement element, int index)
    {
        // Bound strictly like a body of its own: as an element it may still have a member in two casings.
        if (!JsonBody.Read(Encoding.UTF8.GetBytes(element.GetRawText()), BulkJson.Default.WireReAttestation).TryGetValue(out var record, out var problem))
        {
            return Refused(call, null, problem);
        }

        if (!Check(call, record).TryGetValue(out var customer, out problem)
            || !Agreements.Check(call, record.Agreement!, "partner-bulk", Channel.BulkTool).TryGetValue(out var said, out problem))
        {
            return Refused(call, record.CustomerId, problem);
        }

        var context = call.Parts.Context;
        var operation = new ConfirmAcceptance(context, call.Actor, customer, KeyOf(call, element, index), said);
        var outcome = await context.Loop.RunAsync(operation);
        return outcome.Problem is { } refused
            ? Refused(call, record.CustomerId, refused)
            : new WireReAttestationOutcome(record.CustomerId, 201, null, null);
    }

    private static Outcome<CustomerId> Check(Call call, WireReAttestation record)
    {
        if (!Guids.TryParse(record.CustomerId, out var customer))
        {
            return new Problem(ProblemCode.InvalidCustomerId, "The customer id is not a GUID.", "customerId");
        }

        if (record.PartnerId is { Length: > 0 } text && !(Guids.TryParse(text, out var partner) && partner == call.Partner.Id.Value))
        {
            return new Problem(ProblemCode.NotPermitted, "The record names another partner; attest for your own customers.", "partnerId");
        }

        if (record.CustomerDirectAcceptance == true)
        {
            return new Problem(ProblemCode.InvalidInput, "A direct acceptance comes from the customer, in the admin center.", "customerDirectAcceptance");
        }

        return record.Agreement is null
            ? new Problem(ProblemCode.InvalidInput, "The record has no agreement.", "agreement")
            : new CustomerId(customer);
    }

    /// <summary>The batch's request id and the place in it, so that a repeated batch gets its first outcomes.</summary>
    private static RequestKey? KeyOf(Call call, JsonElement element, int index)
    {
        var id = call.Http.Request.Headers["MS-RequestId"].ToString();
        return id.Length == 0 ? null : call.KeyOf(
            string.Create(CultureInfo.InvariantCulture, $"{Audit.FirstOf(id)}#{index}"), Encoding.UTF8.GetBytes(element.GetRawText()));
    }

    private static WireReAttestationOutcome Refused(Call call, string? customer, Problem problem)
    {
        var (status, code) = WireError.Of(problem, call.Partner.Switches);
        return new WireReAttestationOutcome(customer, status, code, problem.Message);
    }
}
