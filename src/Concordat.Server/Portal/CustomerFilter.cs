using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Storage;
using Microsoft.AspNetCore.WebUtilities;

namespace Concordat.Server.Portal;

/// <summary>By what customers are searched, as in Partner Center.</summary>
internal enum SearchBy
{
    Name,
    Domain,
    Id,
}

/// <summary>What a list of customers is narrowed to. It stands in the address, so that it can be kept and sent on.</summary>
/// <param name="Search">What a name or domain begins with, or the Microsoft ID; empty for all.</param>
/// <param name="By">Which of them.</param>
/// <param name="State">Only customers who stand so with the gate.</param>
/// <param name="Reseller">Only this reseller's.</param>
internal sealed record CustomerFilter(string Search, SearchBy By, Prospect? State, PartnerId? Reseller)
{
    private const int Longest = 200;

    public bool IsEmpty => this is { Search: "", State: null, Reseller: null };

    /// <summary>From an address; what makes no sense counts as absent.</summary>
    public static CustomerFilter Of(IQueryCollection query)
    {
        var search = query["search"].ToString().Trim();
        return new CustomerFilter(
            search.Length > Longest || search.Any(char.IsControl) ? "" : search,
            WordOf<SearchBy>(query["by"]) ?? SearchBy.Name,
            WordOf<Prospect>(query["state"]),
            Guids.TryParse(query["reseller"].ToString(), out var reseller) ? new PartnerId(reseller) : null);
    }

    /// <summary>The range of the list to walk; <see cref="SearchBy.Id"/> is no range.</summary>
    public CustomerRange RangeFor(CustomerView view) => (By switch
    {
        SearchBy.Domain when Search.Length > 0 => CustomerRange.Prefix(CustomerOrder.Domain, Search.ToLowerInvariant()),
        SearchBy.Name when Search.Length > 0 => CustomerRange.Prefix(CustomerOrder.Name, CustomerRows.SearchName(Search)),
        _ => CustomerRange.All,
    }) with
    { Reseller = view.Reseller ?? Reseller };

    public bool Takes(in Outlook outlook) => State is null || outlook.Prospect == State;

    /// <summary>The path with this filter, and with <paramref name="more"/>.</summary>
    public string AddressOf(string path, params IEnumerable<(string Name, string? Value)> more)
    {
        (string, string?)[] own =
        [
            ("search", Search), ("by", Search.Length > 0 && By != SearchBy.Name ? Word(By) : null),
            ("state", State is { } state ? Word(state) : null), ("reseller", Reseller?.ToString()),
        ];
        return QueryHelpers.AddQueryString(path, own.Concat(more).Where(one => !string.IsNullOrEmpty(one.Item2))
            .Select(one => new KeyValuePair<string, string?>(one.Item1, one.Item2)));
    }

    /// <summary>A value as addresses write it.</summary>
    public static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static T? WordOf<T>(string? word) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Word(value) == word)
            {
                return value;
            }
        }

        return null;
    }
}
