using System.Collections.Frozen;

namespace Concordat.Core.Commerce;

/// <summary>
/// What can be bought. There is no price list here: any well-formed <c>product:sku:availability</c> is sold, and the few
/// that storefronts use in their examples carry a name.
/// </summary>
public static class Offers
{
    private const string TrialSuffix = "TRIAL";

    // The availability that this service names where none is known; any is sold.
    private const string AnyAvailability = "CONCORDAT001";

    private const string AzurePlanProduct = "DZH318Z0BPS6";

    /// <summary>What a legacy Azure subscription is upgraded to.</summary>
    public const string AzurePlan = AzurePlanProduct + ":0001:" + AnyAvailability;

    // Product and SKU ids as they stand in public samples; the names are ours.
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["CFQ7TTC0LH18:0001"] = "Microsoft 365 Business Basic",
        ["CFQ7TTC0LCHC:0002"] = "Microsoft 365 Business Premium",
        ["CFQ7TTC0LDPB:0001"] = "Microsoft 365 Business Standard",
        ["CFQ7TTC0LF8Q:0001"] = "Office 365 E1",
        ["CFQ7TTC0LF8R:0001"] = "Office 365 E3",
        ["CFQ7TTC0LFLX:0001"] = "Microsoft 365 E3",
        ["CFQ7TTC0LFLZ:0002"] = "Microsoft 365 E5",
        ["DZH318Z0BPS6:0001"] = "Azure plan",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The stored spelling of an offer, or null when it is none: <c>product:sku:availability</c> (12, 4 and 12 letters and
    /// digits; products of other lengths exist, so 1 to 32 are taken), or the GUID of a legacy offer.
    /// </summary>
    public static string? Normalise(string? offer)
    {
        if (offer is null or { Length: > 100 })
        {
            return null;
        }

        if (Guid.TryParseExact(offer, "D", out var legacy))
        {
            return legacy.ToString("D");
        }

        var parts = offer.Split(':');
        return parts.Length == 3 && parts.All(part => part.Length is >= 1 and <= 32 && part.All(char.IsAsciiLetterOrDigit))
            ? offer.ToUpperInvariant()
            : null;
    }

    /// <summary>
    /// True for a trial: an availability that ends in <c>TRIAL</c>, a convention of this service (docs/partner-center.md).
    /// </summary>
    public static bool IsTrial(string offer) => offer.Contains(':', StringComparison.Ordinal) && offer.EndsWith(TrialSuffix, StringComparison.Ordinal);

    /// <summary>True for the GUID of a legacy offer, which can be migrated to new commerce.</summary>
    public static bool IsLegacy(string offer) => !offer.Contains(':', StringComparison.Ordinal);

    /// <summary>What a trial becomes when it is converted: the same item without the suffix.</summary>
    public static string PaidFormOf(string trial)
    {
        var paid = trial[..^TrialSuffix.Length];
        return paid.EndsWith(':') ? paid + AnyAvailability : paid;
    }

    /// <summary>
    /// The new-commerce item that a legacy offer migrates to when the caller names none. One for all: there is no catalogue
    /// of legacy offers here.
    /// </summary>
    public const string MigrationTarget = "CFQ7TTC0LH18:0001:CFQ7TTC0K971";

    /// <summary>Items that a subscription can be moved to; the lists that clients show. Any other well-formed item is taken too.</summary>
    public static IEnumerable<string> MoveTargetsOf(string offer) => Names.Keys
        .Where(item => !offer.StartsWith(item + ":", StringComparison.OrdinalIgnoreCase) && !item.StartsWith(AzurePlanProduct, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(item => $"{item}:{AnyAvailability}");

    /// <summary>The product id of an offer; the offer itself for a legacy one.</summary>
    public static string ProductOf(string offer) => offer.Split(':')[0];

    /// <summary>The catalogue's name, or the offer itself.</summary>
    public static string NameOf(string offer)
    {
        var end = offer.LastIndexOf(':');
        return end > 0 && Names.TryGetValue(offer[..end], out var name) ? name : offer;
    }
}
