using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>A migration that waits for its day, or what became of it.</summary>
internal sealed record WireMigrationSchedule(
    string Id, string CurrentSubscriptionId, string? SubscriptionEndDate, string Status, string CustomerTenantId, string CatalogItemId,
    int? Quantity, string? TermDuration, string? BillingCycle, string? ExternalReferenceId, string? TargetDate, bool MigrateOnRenewal,
    string CreatedTime, string LastModifiedTime, string? NewCommerceMigrationId, int? ErrorCode, string? ErrorDescription)
{
    public WireAttributes Attributes { get; } = new("NewCommerceMigrationSchedule");

    public static WireMigrationSchedule Of(MigrationSchedule schedule, CustomerId customer, Call call) => new(
        schedule.Id.ToString("D"), schedule.Subscription.ToString("D"),
        schedule.SubscriptionEnd is { } end ? LedgerEntry.Instant(end) : null, schedule.Status.ToString(), customer.ToString(),
        schedule.Move.Offer, schedule.Move.Quantity, schedule.Move.TermDuration, schedule.Move.BillingCycle, schedule.Reference,
        schedule.OnRenewal ? null : LedgerEntry.Instant(schedule.DueAt), schedule.OnRenewal, LedgerEntry.Instant(schedule.CreatedAt),
        LedgerEntry.Instant(schedule.ModifiedAt), schedule.Migration?.ToString("D"), CodeOf(schedule.Fault, call), schedule.Fault?.Text);

    private static int? CodeOf(ScheduleFault? fault, Call call) =>
        fault is null ? null : fault.Gate ?? WireError.Of(new Problem(fault.Code, fault.Text), call.Partner.Switches).Code;
}

/// <summary>Migrations to new commerce on a later day: schedule, get, list, change, cancel.</summary>
internal static class MigrationSchedules
{
    private const string Path = "customers/{customer}/migrations/newcommerce/schedules";
    private const string One = Path + "/{schedule}";

    public static void Map(WireRoutes routes)
    {
        var (sent, shown) = (typeof(SentMigration), typeof(WireMigrationSchedule));
        routes.Post(Path, Access.Transact, CreateAsync, new(
            "Schedules a migration to new commerce; the gate decides now and on the day.", 201, sent, shown));
        routes.Get(One, Access.Read, GetAsync, new("Shows a scheduled migration.", Response: shown));
        routes.Put(One, Access.Transact, ChangeAsync, new("Changes a scheduled migration before its day.", Request: sent, Response: shown));
        routes.Post($"{One}/cancel", Access.Transact, CancelAsync, new("Takes a scheduled migration back.", Response: shown));
        routes.Get("migrations/newcommerce/schedules", Access.Read, ListAsync, new(
            "Lists the partner's scheduled migrations.", Response: typeof(IReadOnlyList<WireMigrationSchedule>))
        { Query = MigrationQuery.Notes });
    }

    private static async Task CreateAsync(Call call)
    {
        var asked = call.Customer().TryGetValue(out var customer, out var problem)
            && MigrationReading.Schedule(call, changes: false).TryGetValue(out var request, out problem)
            ? new SaveSchedule(call.Parts.Context, call.Actor, customer, call.Key, null, request)
            : (Outcome<GatedOperation<MigrationSchedule>>)problem;
        await call.TransactAsync(
            asked, 201, schedule => WireMigrationSchedule.Of(schedule, customer, call), MigrationTypes.Default.WireMigrationSchedule);
    }

    private static async Task ChangeAsync(Call call)
    {
        var asked = call.Customer().TryGetValue(out var customer, out var problem)
            && call.Id("schedule").TryGetValue(out var id, out problem)
            && MigrationReading.Schedule(call, changes: true).TryGetValue(out var request, out problem)
            ? new SaveSchedule(call.Parts.Context, call.Actor, customer, call.Key, id, request)
            : (Outcome<GatedOperation<MigrationSchedule>>)problem;
        await call.TransactAsync(
            asked, 200, schedule => WireMigrationSchedule.Of(schedule, customer, call), MigrationTypes.Default.WireMigrationSchedule);
    }

    private static async Task CancelAsync(Call call)
    {
        var outcome = call.Customer().TryGetValue(out var customer, out var problem) && call.Id("schedule").TryGetValue(out var id, out problem)
            ? await call.Parts.Context.Loop.RunAsync(new CancelSchedule(call.Parts.Context, call.Actor, customer, call.Key, id))
            : problem;
        await call.RespondAsync(
            200, outcome, schedule => WireMigrationSchedule.Of(schedule, customer, call), MigrationTypes.Default.WireMigrationSchedule);
    }

    private static async Task GetAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem) || !call.Id("schedule").TryGetValue(out var id, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (standing, schedule) = await call.ReadAsync(async tx => (
            await StandingRows.FindAsync(tx, call.Partner.Id, customer), await ScheduleRows.FindAsync(tx, call.Partner.Id, customer, id)));
        problem = Relationship.Check(standing) ?? (schedule is null ? CancelSchedule.Missing : null);
        await (problem is null
            ? call.RespondAsync(200, WireMigrationSchedule.Of(schedule!, customer, call), MigrationTypes.Default.WireMigrationSchedule)
            : call.RefuseAsync(problem));
    }

    private static Task ListAsync(Call call) => MigrationQuery.RespondAsync(
        call, ScheduleRows.AfterAsync, row => new MigrationPlace(row.Customer.Value, row.Schedule.Id),
        (query, row) => query.Wants(row.Schedule.Subscription, row.Schedule.Reference),
        row => WireMigrationSchedule.Of(row.Schedule, row.Customer, call), MigrationTypes.Default.IReadOnlyListWireMigrationSchedule);
}
