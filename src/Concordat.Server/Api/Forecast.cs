using Concordat.Core;
using Concordat.Core.Ledger;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Api;

/// <summary>
/// Who will be blocked on a date and is not today. The first page counts all customers of the partner; later ones go on
/// where the one before ended.
/// </summary>
internal static class Forecast
{
    private const int PageSize = 500;
    private const int ReadAtOnce = 10_000;

    public static void Map(ApiRoutes routes) => routes.Get("forecast", Access.Ask, GetAsync,
        new RouteNote("Counts and names the customers that a date will block.", Response: typeof(ForecastDocument))
        {
            Query =
            [
                new("at", "The date (ISO 8601), not before now."),
                new("action", "What the customers would do; newPurchase when absent."),
                new("channel", "By which way; api when absent."),
                new("continuationToken", "From the page before."),
            ],
        });

    private const string List = "forecast";

    private static async Task GetAsync(Call call)
    {
        var context = call.Parts.Context;
        var now = context.PolicyNow(call.Partner.Environment);
        if (!PrecheckQuestion.Of(call.Http.Request.QueryString.Value).TryGetValue(out var question, out var problem)
            || !call.Parts.PageTokens.ReadCustomer(call.Partner.Id, List, call.Query("continuationToken"), "continuationToken").TryGetValue(out var after, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        if (question.At is not { } at || at < now)
        {
            await call.RefuseAsync(new Problem(ProblemCode.InvalidInput, "Say at which instant, not before now.", "at"));
            return;
        }

        var tally = new Tally(question, now, call);
        var counts = after == default;
        string? next = null;
        var end = false;
        while (!end && (counts || next is null))
        {
            var from = after;
            var page = await call.ReadAsync(tx => StandingRows.PageAsync(tx, call.Partner.Id, from, ReadAtOnce));
            foreach (var stored in page.Where(stored => stored.Active))
            {
                if (tally.Add(stored.Standing) && next is null)
                {
                    tally.NewlyBlocked.Add(stored.Id.Customer.Value);
                    next = tally.NewlyBlocked.Count == PageSize ? call.Parts.PageTokens.Create(call.Partner.Id, List, stored.Id.Customer) : null;
                }
            }

            end = page.Count < ReadAtOnce;
            after = end ? after : page[^1].Id.Customer;
        }

        await call.RespondAsync(200, new ForecastDocument(
            LedgerEntry.Instant(now), LedgerEntry.Instant(at), EnumWords<ActionClass>.Of(question.Action),
            counts ? tally.Counts : null, tally.NewlyBlocked, next), ApiJson.Default.ForecastDocument);
    }

    /// <summary>Counts customers by today's verdict and by that of the date.</summary>
    private sealed class Tally(PrecheckQuestion question, DateTimeOffset now, Call call)
    {
        private readonly SortedDictionary<string, long> standings = new(StringComparer.Ordinal);
        private long customers, blockedNow, blockedThen, newlyBlocked, newlyPermitted;

        public List<Guid> NewlyBlocked { get; } = [];

        public ForecastCounts Counts => new(customers, blockedNow, blockedThen, newlyBlocked, newlyPermitted, standings);

        /// <summary>True when the date blocks what is permitted now.</summary>
        public bool Add(in Core.Agreements.Standing standing)
        {
            var then = question.About(standing, call.Partner, now);
            var permittedThen = Gate.Verdict(then, call.Parts.Context.Timeline).Permitted;
            var permittedNow = Gate.Verdict(then with { Now = now }, call.Parts.Context.Timeline).Permitted;
            customers++;
            blockedNow += permittedNow ? 0 : 1;
            blockedThen += permittedThen ? 0 : 1;
            newlyBlocked += permittedNow && !permittedThen ? 1 : 0;
            newlyPermitted += !permittedNow && permittedThen ? 1 : 0;
            standings[standing.Word] = standings.GetValueOrDefault(standing.Word) + 1;
            return permittedNow && !permittedThen;
        }
    }
}
