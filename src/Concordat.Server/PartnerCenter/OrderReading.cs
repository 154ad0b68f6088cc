using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Commerce;
using Concordat.Core.Fields;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;

namespace Concordat.Server.PartnerCenter;

internal sealed record WireLineProvisioning(int LineItemNumber, string Status, IReadOnlyList<WireProvisionedSeats> QuantityProvisioningInformation);

internal sealed record WireProvisionedSeats(int Quantity, string Status);

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireCollection<WireLineProvisioning>))]
internal sealed partial class OrderTypes : JsonSerializerContext;

/// <summary>Makes sense of a sent order.</summary>
internal static class OrderReading
{
    public const int MostLines = 200;

    /// <summary>The lines in the stored spelling, or the first fault.</summary>
    public static Outcome<IReadOnlyList<OrderedLine>> LinesOf(WireOrder body)
    {
        if (body.LineItems is not { Count: > 0 and <= MostLines } items)
        {
            return new Problem(ProblemCode.InvalidInput, $"An order has 1 to {MostLines} line items.", "lineItems");
        }

        var lines = new List<OrderedLine>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            if (!LineOf(items[i], $"lineItems[{i}]").TryGetValue(out var line, out var problem))
            {
                return problem;
            }

            lines.Add(line);
        }

        return lines;
    }

    /// <summary>Of an order that names no currency.</summary>
    public const string DefaultCurrency = "USD";

    /// <summary>The first line whose partner of record the seller may not name; <paramref name="member"/> says it in a line.</summary>
    public static Outcome<bool> CheckResellers(Call call, IEnumerable<string?> resellers, string member)
    {
        foreach (var (index, id) in resellers.Index())
        {
            if (PartnersOfRecord.Check(call.Parts.Directory, call.Partner, id, $"lineItems[{index}].{member}") is { } problem)
            {
                return problem;
            }
        }

        return true;
    }

    private static Outcome<OrderedLine> LineOf(WireOrderLine? item, string at)
    {
        if (Offers.Normalise(item?.OfferId) is not { } offer)
        {
            return new Problem(ProblemCode.InvalidInput, "offerId is product:sku:availability or the id of a legacy offer.", $"{at}.offerId");
        }

        if (item!.Quantity is not (>= 1 and <= Seats.Most))
        {
            return new Problem(ProblemCode.InvalidInput, $"quantity is a whole number from 1 to {Seats.Most}.", $"{at}.quantity");
        }

        var parent = Guid.Empty;
        if (item.ParentSubscriptionId is { Length: > 0 } sent && !Guids.TryParse(sent, out parent))
        {
            return new Problem(ProblemCode.InvalidInput, "parentSubscriptionId is the id of a subscription.", $"{at}.parentSubscriptionId");
        }

        return WireWords.TermDuration(item.TermDuration, $"{at}.termDuration").TryGetValue(out var term, out var problem)
            && WireWords.Text(item.FriendlyName, $"{at}.friendlyName").TryGetValue(out var name, out problem)
            && WireWords.Text(item.PartnerIdOnRecord, $"{at}.partnerIdOnRecord").TryGetValue(out var reseller, out problem)
            ? new OrderedLine(item.LineItemNumber, offer, item.Quantity.Value, name.Value, term.Value, reseller.Value,
                parent == Guid.Empty ? null : parent)
            : problem;
    }
}
