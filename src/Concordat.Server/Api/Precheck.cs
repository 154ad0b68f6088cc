using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Api;

/// <summary>
/// Asks the gate without trying: may this customer do this now, or on a date. Today and the future are answered from
/// memory when it is complete, the past from the facts recorded by then.
/// </summary>
internal sealed class Precheck(Parts parts)
{
    private static readonly QueryNote[] Query =
    [
        new("action", "What the customer would do; newPurchase when absent."),
        new("channel", "By which way; api when absent."),
        new("at", "For which instant (ISO 8601); now when absent."),
        new("product", "Product id, for rules that name products."),
        new("explain", "true adds the facts that the decision rests on."),
    ];

    private readonly OperationContext context = parts.Context;
    private readonly DecisionBodies bodies = new(parts.Context.Timeline);

    public static void Map(ApiRoutes routes, Parts parts)
    {
        var precheck = new Precheck(parts);
        routes.Get("customers/{customer}/precheck", Access.Ask, precheck.Get,
            new RouteNote("Says whether a customer may do something, now or on a date.", Response: typeof(DecisionDocument)) { Query = Query });
        routes.Post("precheck", Access.Ask, new PrecheckList(precheck.bodies).PostAsync,
            new RouteNote("Asks the same for up to 1,000 customers.", Request: typeof(PrecheckListBody), Response: typeof(PrecheckListDocument)));
    }

    /// <summary>The standing that counts at <paramref name="at"/> (null for now or later), read from storage.</summary>
    public static async ValueTask<Outcome<Standing>> StandingAsync(
        Tx tx, PartnerId partner, CustomerId customer, Switches switches, DateTimeOffset? at)
    {
        var row = await StandingRows.FindAsync(tx, partner, customer);
        if (Relationship.Check(row) is { } absent)
        {
            return absent;
        }

        if (at is null)
        {
            return row!.Standing;
        }

        var facts = await FactRows.OfAsync(tx, partner, customer);
        var direct = await FactRows.DirectAsync(tx, customer);
        return StandingFold.Of(
            [.. facts.Select(fact => fact.Fact), .. direct], row!.Standing.Has(StandingFlags.NationalCloud), switches.CutOffCompares, at);
    }

    private Task Get(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !PrecheckQuestion.Of(call.Http.Request.QueryString.Value).TryGetValue(out var question, out problem))
        {
            return call.RefuseAsync(problem);
        }

        var now = context.PolicyNow(call.Partner.Environment);
        var past = question.At < now;
        // A miss is asked of storage too: another node may have added the customer a moment ago.
        return !past && context.Standings.Complete && context.Standings.TryGet(call.Partner.Id, customer, out var known) && known.Active
            ? Respond(call, question, known.Standing, now)
            : GetStoredAsync(call, customer, question, past, now);
    }

    private async Task GetStoredAsync(Call call, CustomerId customer, PrecheckQuestion question, bool past, DateTimeOffset now)
    {
        var read = await call.ReadAsync(
            tx => StandingAsync(tx, call.Partner.Id, customer, call.Partner.Switches, past ? question.At : null));
        await (read.TryGetValue(out var standing, out var problem) ? Respond(call, question, standing, now) : call.RefuseAsync(problem));
    }

    private Task Respond(Call call, in PrecheckQuestion question, in Standing standing, DateTimeOffset now)
    {
        var asked = question.About(standing, call.Partner, now);
        return call.RespondAsync(question.Explain ? bodies.Explained(asked) : bodies.Of(asked));
    }
}
