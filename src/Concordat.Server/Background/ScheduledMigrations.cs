using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Background;

/// <summary>
/// Carries out the migrations whose day has come by the policy clock of their environment, each as its partner's own request
/// would be: the gate decides, and what it refuses stays as it was.
/// </summary>
internal sealed class ScheduledMigrations(OperationContext context, Transactions transactions, PartnerDirectory directory)
{
    private const int BatchSize = 100;

    /// <summary>Deals with everything that is due now in every environment.</summary>
    public async Task RunDueAsync()
    {
        foreach (var environment in Enum.GetValues<PartnerEnvironment>())
        {
            while (await RunBatchAsync(environment) == BatchSize)
            {
            }
        }
    }

    /// <summary>Answers how many were finished; fewer than a whole batch means that there is nothing left to do now.</summary>
    private async Task<int> RunBatchAsync(PartnerEnvironment environment)
    {
        var word = JsonNamingPolicy.CamelCase.ConvertName(environment.ToString());
        var now = context.PolicyNow(environment);
        var finished = 0;
        foreach (var row in await context.Database.ReadEverythingAsync(tx => ScheduleRows.DueAsync(tx, word, now, BatchSize)))
        {
            finished += directory.Find(row.Partner) is { } partner && await RunAsync(partner, row) ? 1 : 0;
        }

        return finished;
    }

    private async Task<bool> RunAsync(Partner partner, ScheduleRow row)
    {
        var schedule = row.Schedule;
        var actor = new Actor(partner, Guid.Empty, Guid.Empty, null, "system");
        // Carried out once, whoever repeats it: another node, or this one after a crash.
        var key = RequestKey.Of(partner.Id, "SCHEDULE", "", schedule.Id.ToString("D"), default)! with { TwinWaits = true };
        var outcome = await transactions.RunAsync(new MigrateSubscription(
            context, actor, row.Customer, key, schedule.Subscription, schedule.Move, schedule.Reference));
        return outcome.Problem?.Code != ProblemCode.Overloaded
            && (await context.Loop.RunAsync(new FinishSchedule(context, actor, row.Customer, schedule.Id, outcome))).Problem is null;
    }
}
