using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Api;

/// <summary>
/// Why a request was refused or permitted, by its request id, from the caller's own audit. A refusal's record is durable
/// within a second of its answer, so a question that comes sooner waits for it.
/// </summary>
internal static class Explanations
{
    private const int Tries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static void Map(ApiRoutes routes) => routes.Get("explanations/{requestId}", Access.Ask, GetAsync,
        new RouteNote("Explains the decisions that were made under a request id.", Response: typeof(ExplanationDocument)));

    private static async Task GetAsync(Call call)
    {
        var id = Audit.FirstOf(call.RouteText("requestId"));
        var rows = await ReadAsync(call, id);
        for (var i = 1; i < Tries && rows.Count == 0; i++)
        {
            await Task.Delay(Pause, call.Parts.Context.Clocks.Wall, call.Aborted);
            rows = await ReadAsync(call, id);
        }

        await (rows.Count == 0
            ? call.RefuseAsync(new Problem(ProblemCode.NotFound, "No decision of yours is recorded under that request id.", "requestId"))
            : call.RespondAsync(200, new ExplanationDocument(id, rows.ConvertAll(ToDocument)), ApiJson.Default.ExplanationDocument));
    }

    private static async Task<List<AuditRow>> ReadAsync(Call call, string id)
    {
        var rows = await call.ReadAsync(tx => AuditRows.OfRequestAsync(tx, call.Partner.Id, id));
        rows.RemoveAll(row => row.Decision is null);
        return rows;
    }

    private static RecordedDecision ToDocument(AuditRow row) => new(
        LedgerEntry.Instant(row.At), row.Customer?.Value, row.Operation, row.Status, row.Resource,
        JsonDocument.Parse(row.Decision!).RootElement.Clone());
}
