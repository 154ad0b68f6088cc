using System.Data.Common;
using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>
/// One act of a caller: what, on whom, how it ended. <paramref name="Decision"/> is the gate's decision as JSON.
/// Holds ids only, no personal data.
/// </summary>
internal sealed record AuditRow(
    PartnerId Partner, Guid Id, DateTimeOffset At, CustomerId? Customer, string Operation, string Status, string RequestId,
    Guid Caller, Guid App, string? Operator, string? Resource, string? Decision);

/// <summary>Refused and permitted transactions.</summary>
internal static class AuditRows
{
    private const string Columns =
        "audit_id, at_unix_ms, customer_id, operation, status, request_id, caller_id, app_id, operator, resource, decision";

    // A batch whose commit was lost on the way may be there already; writing it again must not fail for ever.
    private static readonly Insert Into = new("audit",
        "partner_id bytea, audit_id bytea, at_unix_ms bigint, customer_id bytea, operation text, status text, request_id text, caller_id bytea, app_id bytea, operator text, resource text, decision text",
        "ON CONFLICT (partner_id, audit_id) DO NOTHING");

    public static ValueTask AddAsync(Tx tx, AuditRow row) => tx.InsertAsync(Into, row.Partner.Value, row.Id, row.At.ToUnixTimeMilliseconds(),
        row.Customer?.Value, row.Operation, row.Status, row.RequestId, row.Caller, row.App, row.Operator, row.Resource, row.Decision);

    /// <summary>Everything recorded under a request id, oldest first: a client may have repeated it.</summary>
    public static ValueTask<List<AuditRow>> OfRequestAsync(Tx tx, PartnerId partner, string requestId) => tx.ManyAsync(
        $"SELECT {Columns} FROM audit WHERE partner_id = $1 AND request_id = $2 ORDER BY audit_id", row => Map(row, partner), partner.Value, requestId);

    /// <summary>What the gate refused for a customer, newest first.</summary>
    public static ValueTask<List<AuditRow>> RefusedOfCustomerAsync(Tx tx, PartnerId partner, CustomerId customer, int limit) => tx.ManyAsync(
        $"""
        SELECT {Columns} FROM audit WHERE partner_id = $1 AND customer_id = $2 AND status = 'failed' AND decision IS NOT NULL
        ORDER BY audit_id DESC LIMIT $3
        """,
        row => Map(row, partner), partner.Value, customer.Value, limit);

    private static AuditRow Map(DbDataReader row, PartnerId partner) => new(
        partner, row.Id(0), DateTimeOffset.FromUnixTimeMilliseconds(row.Long(1)),
        row.IdOrNull(2) is { } customer ? new CustomerId(customer) : null, row.Text(3), row.Text(4), row.Text(5),
        row.Id(6), row.Id(7), row.TextOrNull(8), row.TextOrNull(9), row.TextOrNull(10));
}
