using System.Text.Json;
using Concordat.Core.Policy;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Background;

/// <summary>Finds the subscriptions whose term has ended by the policy clock of their environment, and has them renewed or ended.</summary>
internal sealed class Renewals(OperationContext context, ScheduledMigrations migrations)
{
    /// <summary>How soon after its end a term is renewed at the latest.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    // Few enough that the commit loop's other callers do not notice.
    private const int BatchSize = 100;

    /// <summary>Deals with everything that is due now in every environment; for the loop, and right after a clock was moved.</summary>
    public async Task RunDueAsync()
    {
        // First: what is to be migrated at the end of its term is not renewed.
        await migrations.RunDueAsync();
        foreach (var environment in Enum.GetValues<PartnerEnvironment>())
        {
            while (await RunBatchAsync(environment) == BatchSize)
            {
            }
        }
    }

    /// <summary>Answers how many changed; fewer than a whole batch means that there is nothing left to do.</summary>
    private async Task<int> RunBatchAsync(PartnerEnvironment environment)
    {
        var word = JsonNamingPolicy.CamelCase.ConvertName(environment.ToString());
        var now = context.PolicyNow(environment);
        var due = await context.Database.ReadEverythingAsync(tx => SubscriptionRows.DueAsync(tx, word, now, BatchSize));
        return due.Count == 0 ? 0 : (await context.Loop.RunAsync(new RenewSubscriptions(context, environment, due))).Value;
    }
}
