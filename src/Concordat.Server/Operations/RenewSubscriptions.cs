using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// What the system does at the end of terms: renews, applies what was scheduled, or lets expire. Answers how many
/// subscriptions changed. Each leaves an audit row; nobody is asked for permission. <paramref name="due"/> is a hint only:
/// what another node did meanwhile is seen inside the transaction.
/// </summary>
internal sealed class RenewSubscriptions(OperationContext context, PartnerEnvironment environment, IReadOnlyList<DueSubscription> due) : Operation<int>
{
    /// <summary>Who the audit names for acts of the system.</summary>
    private const string System = "system";

    public override IReadOnlyList<long> Keys { get; } = [.. due.Select(one => LockKeys.Of(one.Partner, one.Customer)).Distinct()];

    public override PartnerScope Scope { get; } = PartnerScope.Of(due.Select(one => one.Partner));

    protected override async ValueTask<Outcome<int>> DecideAsync(Tx tx)
    {
        var now = context.PolicyNow(environment);
        var changed = 0;
        foreach (var (partner, customer, id) in due)
        {
            if (await SubscriptionRows.FindAsync(tx, partner, customer, id) is not { } row)
            {
                continue;
            }

            var after = Renewal.Advance(row.Subscription, now);
            if (after != row.Subscription)
            {
                await SubscriptionRows.SaveAsync(tx, partner, customer, after);
                await AuditRows.AddAsync(tx, new AuditRow(
                    partner, context.Ids.NewId(), now, customer, after.Status == "expired" ? "expire_subscription" : "renew_subscription", "succeeded",
                    System, Guid.Empty, Guid.Empty, null, id.ToString("D"), null));
                changed++;
            }
        }

        return changed;
    }
}
