using System.Globalization;
using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Api;

/// <summary>
/// What is on record about a customer as ledger entries, and the receipt of each: the file with which anybody can check it
/// without us.
/// </summary>
internal static class Records
{
    private const int Tries = 11;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static void Map(ApiRoutes routes)
    {
        routes.Get("customers/{customer}/records", Access.Ask, ListAsync,
            new RouteNote("Lists the ledger entries about a customer.", Response: typeof(RecordListDocument)));
        routes.Get("customers/{customer}/records/{entry}/receipt", Access.Ask, ReceiptAsync,
            new RouteNote("Gets the receipt of an entry, a tlog-proof file. What names people is withheld from callers who may not see them."));
    }

    private static async Task ListAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (standing, records, last) = await call.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, call.Partner.Id, customer),
            await RecordRows.OfAsync(tx, call.Partner.Id, customer),
            await CheckpointRows.LastAsync(tx)));
        await (Relationship.Check(standing) is { } absent
            ? call.RefuseAsync(absent)
            : call.RespondAsync(200, new RecordListDocument([.. records.Select(record => ToDocument(record, last?.Size ?? 0))]),
                RecordJson.Default.RecordListDocument));
    }

    private static RecordDocument ToDocument(StoredRecord record, long size)
    {
        var entry = EntryText.Read(record.Entry)!;
        var signed = record.Index is { } index && index < size;
        return new RecordDocument(record.Id.Value, entry.Kind, entry.At, entry.Recorded, entry.Level, signed ? record.Index : null);
    }

    private static async Task ReceiptAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem) || !call.Id("entry").TryGetValue(out var entry, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var outcome = await ReadAsync(call, customer, entry);
        for (var i = 1; i < Tries && outcome.Problem?.Code == ProblemCode.Overloaded; i++)
        {
            await Task.Delay(Pause, call.Parts.Context.Clocks.Wall, call.Aborted);
            outcome = await ReadAsync(call, customer, entry);
        }

        if (!outcome.TryGetValue(out var receipt, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var response = call.Http.Response;
        response.ContentType = "application/octet-stream";
        response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"{entry:D}.tlog-proof\"");
        response.ContentLength = receipt.Length;
        await response.Body.WriteAsync(receipt, call.Aborted);
    }

    private static ValueTask<Outcome<byte[]>> ReadAsync(Call call, CustomerId customer, Guid entry) => call.ReadAsync<Outcome<byte[]>>(async tx =>
    {
        if (Relationship.Check(await StandingRows.FindAsync(tx, call.Partner.Id, customer)) is { } absent)
        {
            return absent;
        }

        if (await RecordRows.FindAsync(tx, call.Partner.Id, customer, entry) is not { } record)
        {
            return new Problem(ProblemCode.NotFound, "There is no such entry about this customer.", "entry");
        }

        var withPeople = (call.Parts.Directory.RolesOf(call.Caller) & Roles.Agents) != 0;
        return await Receipts.BuildAsync(tx, call.Parts.Context.Vault, call.Partner.Id, customer, record, withPeople) is { } receipt
            ? receipt.ToBytes()
            : new Problem(ProblemCode.Overloaded, "The entry is not signed yet. Ask again.") { RetryAfter = TimeSpan.FromSeconds(1) };
    });
}

/// <summary>A ledger entry about a customer; without an index it is not signed yet.</summary>
internal sealed record RecordDocument(Guid Entry, string Kind, string? At, string? RecordedAt, string? Level, long? Index);

/// <summary>The entries about a customer, oldest first.</summary>
internal sealed record RecordListDocument(IReadOnlyList<RecordDocument> Records);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecordListDocument))]
internal sealed partial class RecordJson : JsonSerializerContext;
