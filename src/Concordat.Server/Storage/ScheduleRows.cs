using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Commerce;

namespace Concordat.Server.Storage;

/// <summary>A schedule and whose it is.</summary>
internal sealed record ScheduleRow(PartnerId Partner, CustomerId Customer, MigrationSchedule Schedule);

/// <summary>Migrations to new commerce that wait for their day, and what became of them.</summary>
internal static class ScheduleRows
{
    private static readonly Insert Into = new("migration_schedules",
        "partner_id bytea, customer_id bytea, schedule_id bytea, due_at_unix_ms bigint, body text");

    public static ValueTask AddAsync(Tx tx, PartnerId partner, CustomerId customer, MigrationSchedule schedule) => tx.InsertAsync(
        Into, partner.Value, customer.Value, schedule.Id, DueAt(schedule), ToText(schedule));

    public static ValueTask<int> SaveAsync(Tx tx, PartnerId partner, CustomerId customer, MigrationSchedule schedule) => tx.ExecuteAsync(
        """
        UPDATE migration_schedules SET due_at_unix_ms = $4, body = $5 WHERE partner_id = $1 AND customer_id = $2 AND schedule_id = $3
        """,
        partner.Value, customer.Value, schedule.Id, DueAt(schedule), ToText(schedule));

    public static ValueTask<MigrationSchedule?> FindAsync(Tx tx, PartnerId partner, CustomerId customer, Guid schedule) => tx.OneAsync(
        "SELECT body FROM migration_schedules WHERE partner_id = $1 AND customer_id = $2 AND schedule_id = $3", row => FromText(row.Text(0)),
        partner.Value, customer.Value, schedule);

    /// <summary>Those of a customer that still wait.</summary>
    public static ValueTask<List<MigrationSchedule>> WaitingAsync(Tx tx, PartnerId partner, CustomerId customer) => tx.ManyAsync(
        "SELECT body FROM migration_schedules WHERE partner_id = $1 AND customer_id = $2 AND due_at_unix_ms IS NOT NULL",
        row => FromText(row.Text(0)), partner.Value, customer.Value);

    /// <summary>A stretch of the partner's schedules in order of customer and id, of one customer or of all.</summary>
    public static ValueTask<List<ScheduleRow>> AfterAsync(Tx tx, PartnerId partner, CustomerId? only, MigrationPlace after, int most) => tx.ManyAsync(
        $"""
        SELECT customer_id, body FROM migration_schedules WHERE partner_id = $1 AND (customer_id, schedule_id) > ($2, $3)
        {(only is null ? "" : "AND customer_id = $5")} ORDER BY customer_id, schedule_id LIMIT $4
        """,
        row => new ScheduleRow(partner, new CustomerId(row.Id(0)), FromText(row.Text(1))), MigrationPlace.Args(partner, only, after, most));

    /// <summary>Those that are due by <paramref name="now"/>, of the active partners of one environment, the longest due first.</summary>
    public static ValueTask<List<ScheduleRow>> DueAsync(Tx tx, string environment, DateTimeOffset now, int most) => tx.ManyAsync(
        """
        SELECT s.partner_id, s.customer_id, s.body FROM migration_schedules s JOIN partners p ON p.partner_id = s.partner_id
        WHERE s.due_at_unix_ms <= $1 AND p.environment = $2 AND p.active = 1 ORDER BY s.due_at_unix_ms LIMIT $3
        """,
        row => new ScheduleRow(new PartnerId(row.Id(0)), new CustomerId(row.Id(1)), FromText(row.Text(2))),
        now.ToUnixTimeMilliseconds(), environment, most);

    public static string ToText(MigrationSchedule schedule) => JsonSerializer.Serialize(schedule, CommerceJson.Default.MigrationSchedule);

    public static MigrationSchedule FromText(string text) => JsonSerializer.Deserialize(text, CommerceJson.Default.MigrationSchedule)!;

    private static long? DueAt(MigrationSchedule schedule) =>
        schedule.Status == ScheduleStatus.Created ? schedule.DueAt.ToUnixTimeMilliseconds() : null;
}
