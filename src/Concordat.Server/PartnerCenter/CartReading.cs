using System.Globalization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Fields;

namespace Concordat.Server.PartnerCenter;

/// <summary>
/// Makes sense of a sent cart. A word that is none refuses the cart; an item that cannot be bought marks its line, as a
/// storefront shows a cart line by line.
/// </summary>
internal static class CartReading
{
    private const string NoSuchItem = "catalog_item_id_is_not_valid";

    /// <summary>The lines in the stored spelling, add-ons behind their parents, or the first fault.</summary>
    public static Outcome<IReadOnlyList<CartLine>> LinesOf(SentCart body)
    {
        if (body.LineItems is not { Count: > 0 and <= OrderReading.MostLines } items)
        {
            return new Problem(ProblemCode.InvalidInput, $"A cart has 1 to {OrderReading.MostLines} line items.", "lineItems");
        }

        var lines = new List<CartLine>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            if (AddTo(lines, items[i], null, $"lineItems[{i}]") is { } problem)
            {
                return problem;
            }
        }

        if (lines.Count > OrderReading.MostLines)
        {
            return new Problem(ProblemCode.InvalidInput, $"A cart has 1 to {OrderReading.MostLines} line items.", "lineItems");
        }

        return Grouped(lines);
    }

    private static Problem? AddTo(List<CartLine> lines, WireCartLine? sent, CartLine? parent, string at)
    {
        if (!LineOf(sent, parent, lines.Count, at).TryGetValue(out var line, out var problem))
        {
            return problem;
        }

        lines.Add(line);
        if (parent is not null || sent!.AddonItems is not { } addOns)
        {
            return null;
        }

        for (var i = 0; i < addOns.Count && problem is null; i++)
        {
            problem = AddTo(lines, addOns[i], line, $"{at}.addonItems[{i}]");
        }

        return problem;
    }

    /// <summary>Lines are numbered anew on every update: the number is the position, add-ons counted.</summary>
    private static Outcome<CartLine> LineOf(WireCartLine? sent, CartLine? parent, int number, string at)
    {
        if (sent?.Quantity is not (>= 1 and <= Seats.Most))
        {
            return new Problem(ProblemCode.InvalidInput, $"quantity is a whole number from 1 to {Seats.Most}.", $"{at}.quantity");
        }

        if (!WireWords.BillingCycle(sent.BillingCycle, $"{at}.billingCycle").TryGetValue(out var cycle, out var problem)
            || !WireWords.TermDuration(sent.TermDuration, $"{at}.termDuration").TryGetValue(out var term, out problem)
            || !WireWords.Currency(sent.CurrencyCode, $"{at}.currencyCode").TryGetValue(out var currency, out problem)
            || !WireWords.Text(sent.FriendlyName, $"{at}.friendlyName").TryGetValue(out var name, out problem)
            || !WireWords.Text(ResellerOf(sent), $"{at}.participants").TryGetValue(out var reseller, out problem))
        {
            return problem;
        }

        var asked = sent.CatalogItemId is { Length: > 0 } item ? item : sent.CatalogId;
        if (SingleLine.Fault(asked, MostItemLetters) is not null)
        {
            return new Problem(ProblemCode.InvalidInput, "catalogItemId is product:sku:availability.", $"{at}.catalogItemId");
        }

        var offer = Offers.Normalise(asked!);
        return new CartLine(number, offer ?? asked!, sent.Quantity.Value, parent?.BillingCycle ?? cycle.Value ?? "monthly",
            currency.Value ?? OrderReading.DefaultCurrency, term.Value, name.Value, reseller.Value, "0", parent?.Id,
            offer is null ? NoSuchItem : null);
    }

    private static string? ResellerOf(WireCartLine sent) =>
        sent.Participants?.FirstOrDefault(participant => participant?.Key is { } key
            && key.Replace("_", "", StringComparison.Ordinal).Equals("transactionreseller", StringComparison.OrdinalIgnoreCase))?.Value;

    private const int MostItemLetters = 100;

    /// <summary>One group per billing cycle and currency, numbered in order of appearance; add-ons go with their parent.</summary>
    private static CartLine[] Grouped(List<CartLine> lines)
    {
        var groups = new List<(string Cycle, string Currency)>();
        return [.. lines.Select(line =>
        {
            var first = line.ParentLine is { } parent ? lines[parent] : line;
            var group = groups.IndexOf((first.BillingCycle, first.CurrencyCode));
            if (group < 0)
            {
                group = groups.Count;
                groups.Add((first.BillingCycle, first.CurrencyCode));
            }

            return line with { OrderGroup = group.ToString(CultureInfo.InvariantCulture) };
        })];
    }
}
