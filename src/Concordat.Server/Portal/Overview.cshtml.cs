using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.Operations;
using Concordat.Server.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Portal;

/// <summary>How many customers stand how at one instant, by what is on record now.</summary>
internal sealed record StateCounts(DateTimeOffset At, bool IsNow, long Fine, long AtRisk, long Blocked)
{
    public long Of(Prospect prospect) => prospect switch
    {
        Prospect.Fine => Fine,
        Prospect.AtRisk => AtRisk,
        Prospect.Blocked => Blocked,
    };
}

/// <summary>A blocked customer that somebody should see to.</summary>
internal sealed record FirstToDo(CustomerRow Row, Standing Standing, Outlook Outlook, bool HasSubscriptions);

/// <summary>
/// What an agent needs to know first: how many customers are refused orders, from when on, and whom to begin with. Counts come
/// from the standings in memory; everything else reads a few rows along an index.
/// </summary>
[PageAccess(TenantKind.Partner, PortalPages.Everybody)]
internal sealed class OverviewModel(Parts parts) : PageModel
{
    public const string Path = "/portal";

    private const int Shown = 10;
    private const int Columns = 6;
    // How many customers with subscriptions are asked about in search of blocked ones.
    private const int LookedAt = 2_000;

    public CustomerView View => field ??= CustomerView.Of(HttpContext.Person(), parts.Directory);

    public DateTimeOffset Now { get; private set; }

    /// <summary>By date; null while the standings are still being read after a start.</summary>
    public IReadOnlyList<StateCounts>? Counts { get; private set; }

    public StateCounts? Today => Counts?.Single(counts => counts.IsNow);

    public IReadOnlyList<TimelineRule> Deadlines { get; private set; } = [];

    public IReadOnlyList<FirstToDo> First { get; private set; } = [];

    public IReadOnlyList<OpenedAttestation> Waiting { get; private set; } = [];

    public IReadOnlyList<OutboxRow> Failed { get; private set; } = [];

    /// <summary>When an application of the partner last confirmed by the deprecated call, as far as this node knows.</summary>
    public DateTimeOffset? LegacyUse { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (View.Reseller is not null)
        {
            // The counts are the provider's.
            return Redirect(PortalPages.Link(HttpContext, CustomersModel.Path));
        }

        var context = parts.Context;
        Now = context.PolicyNow(View.Owner.Environment);
        Counts = context.Census.Of(View.Owner.Id) is { } standings ? [.. Dates().Select(date => CountAt(standings, date))] : null;
        Deadlines = [.. context.Timeline.Rules.Where(rule => rule.From > Now && rule.Kind != RuleKind.Note && IsOurs(rule)).Take(Shown)];
        LegacyUse = parts.LegacyWarnings.LastOf(View.Owner.Id);
        await ReadAsync();
        return Page();
    }

    private bool IsOurs(TimelineRule rule) => rule.Environments.Contains(View.Owner.Environment);

    /// <summary>Now, and the last and next instants at which the gate's rules for orders change.</summary>
    private List<DateTimeOffset> Dates()
    {
        var changes = parts.Context.Timeline.Rules
            .Where(rule => rule.Kind is RuleKind.Require or RuleKind.Stale && rule.Products.Count == 0 && IsOurs(rule) && rule.Channels.Contains(Channel.Api))
            .SelectMany(rule => rule.To is { } to ? new[] { rule.From, to } : [rule.From]).Distinct().Order().ToList();
        return [.. changes.Where(date => date < Now).TakeLast(Columns / 2).Append(Now).Concat(changes.Where(date => date > Now).Take(Columns / 2))];
    }

    private StateCounts CountAt(IReadOnlyDictionary<Standing, long> standings, DateTimeOffset date)
    {
        var (fine, atRisk, blocked) = (0L, 0L, 0L);
        foreach (var (standing, customers) in standings)
        {
            switch (Outlook.Of(View.About(standing, parts.Context) with { Now = date }, parts.Context.Timeline).Prospect)
            {
                case Prospect.Fine:
                    fine += customers;
                    break;
                case Prospect.AtRisk:
                    atRisk += customers;
                    break;
                case Prospect.Blocked:
                    blocked += customers;
                    break;
            }
        }

        return new StateCounts(date, date == Now, fine, atRisk, blocked);
    }

    private async Task ReadAsync()
    {
        var (context, owner) = (parts.Context, View.Owner.Id);
        First = await FirstAsync();
        // Stored times are whole milliseconds: what has not expired ends after this one.
        var cut = Now.AddMilliseconds(1);
        var newest = new AttestationPlace(long.MaxValue, new AttestationId(Guid.AllBitsSet));
        var (pending, accepted, failed) = await parts.Database.ReadAsync(owner, async tx => (
            await AttestationRows.PageAsync(tx, owner, newest, AttestationState.Pending, cut, DateTimeOffset.MaxValue, Shown),
            await AttestationRows.PageAsync(tx, owner, newest, AttestationState.Accepted, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Shown),
            await OutboxRows.FailedAsync(tx, owner, Shown)));
        Waiting = [.. accepted.Concat(pending).Select(row => Attestations.Open(context.Vault, row))];
        Failed = failed;
    }

    /// <summary>Blocked customers: those with subscriptions first, then others until the list is full.</summary>
    private async Task<IReadOnlyList<FirstToDo>> FirstAsync()
    {
        if (Today is not { Blocked: > 0 })
        {
            return [];
        }

        var (context, owner) = (parts.Context, View.Owner.Id);
        var first = await parts.Database.ReadAsync(owner, async tx =>
        {
            var found = new List<FirstToDo>();
            foreach (var customer in await SubscriptionRows.CustomersAsync(tx, owner, LookedAt))
            {
                if (found.Count < Shown && context.Standings.TryGet(owner, customer, out var known) && known.Active
                    && Outlook.Of(View.About(known.Standing, context), context.Timeline) is { Prospect: Prospect.Blocked } outlook
                    && await CustomerRows.FindAsync(tx, owner, customer) is { } row)
                {
                    found.Add(new FirstToDo(row, known.Standing, outlook, HasSubscriptions: true));
                }
            }

            return found;
        });
        if (first.Count < Shown)
        {
            var blocked = new CustomerFilter("", SearchBy.Name, Prospect.Blocked, null);
            var others = await new CustomerWalk(parts, View, blocked, LookedAt).PageAsync(null, null);
            first.AddRange(others.Customers.Where(one => first.TrueForAll(known => known.Row.Id != one.Row.Id)).Take(Shown - first.Count)
                .Select(one => new FirstToDo(one.Row, one.Standing, one.Outlook, HasSubscriptions: false)).ToList());
        }

        return first;
    }
}
