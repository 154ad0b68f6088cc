using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>Where a page begins and ends, with what is needed to go on from there: a client repeats neither size nor filter.</summary>
internal sealed record CustomerPlace(int Size, CustomerRange Range, CustomerSeek First, CustomerSeek Last);

[JsonSerializable(typeof(CustomerPlace))]
internal sealed partial class CustomerPlaceJson : JsonSerializerContext;

/// <summary>One page that a client asks for.</summary>
/// <param name="Size">Rows, 1 to <see cref="MostRows"/>.</param>
/// <param name="Range">Which customers.</param>
/// <param name="From">The place to go on from; null at either end of the list.</param>
/// <param name="Backwards">Towards the beginning.</param>
internal sealed record CustomerQuery(int Size, CustomerRange Range, CustomerSeek? From, bool Backwards)
{
    /// <summary>The default page and the largest one; more is asked for in pages.</summary>
    public const int MostRows = 500;

    private const string List = "customers";
    private const string TokenHeader = "MS-ContinuationToken";

    /// <summary>Reads size, filter, seek operation and token; a token that is not ours is <see cref="ProblemCode.InvalidQuery"/>.</summary>
    public static Outcome<CustomerQuery> Of(Call call)
    {
        var token = call.Http.Request.Headers[TokenHeader].ToString();
        var place = token.Length == 0 ? null : PlaceOf(call, token);
        if (token.Length > 0 && place is null)
        {
            return new Problem(ProblemCode.InvalidQuery, "The continuation token is not one that this list gave you.", TokenHeader);
        }

        if (!SizeOf(call.Query("size")).TryGetValue(out var size, out var problem))
        {
            return problem;
        }

        var range = place?.Range;
        if (range is null && !CustomerFilter.RangeOf(call, call.Query("filter")).TryGetValue(out range, out problem))
        {
            return problem;
        }

        var rows = size > 0 ? Math.Min(size, MostRows) : place?.Size ?? MostRows;
        return call.Query("seekOperation")?.ToLowerInvariant() switch
        {
            "first" or "0" => new CustomerQuery(rows, range, null, Backwards: false),
            "last" or "3" => new CustomerQuery(rows, range, null, Backwards: true),
            null or "next" or "1" when place is not null => new CustomerQuery(rows, range, place.Last, Backwards: false),
            "previous" or "2" when place is not null => new CustomerQuery(rows, range, place.First, Backwards: true),
            null => new CustomerQuery(rows, range, null, Backwards: false),
            "next" or "1" or "previous" or "2" =>
                new Problem(ProblemCode.InvalidQuery, $"Send the page's token in the header {TokenHeader}.", TokenHeader),
            _ => new Problem(ProblemCode.InvalidQuery, "seekOperation is First, Next, Previous or Last.", "seekOperation"),
        };
    }

    /// <summary>The page as the wire has it; <paramref name="rows"/> are nearest first, and one more than fits when there are more.</summary>
    public WireCollection<WireCustomer> ToPage(Call call, IReadOnlyList<CustomerRow> rows)
    {
        var more = rows.Count > Size;
        var shown = more ? rows.Take(Size) : rows;
        CustomerRow[] page = [.. Backwards ? shown.Reverse() : shown];
        var token = page.Length == 0 ? null : TokenOf(call, page);
        var hasNext = token is not null && (Backwards ? From is not null : more);
        var hasPrevious = token is not null && (Backwards ? more : From is not null);
        var sent = call.Http.Request.Headers[TokenHeader].ToString();
        return new WireCollection<WireCustomer>(page.Length, [.. page.Select(WireCustomers.ToItem)])
        {
            ContinuationToken = hasNext ? token : null,
            Links = new WireLinks(
                Link("/customers" + call.Http.Request.QueryString.Value, sent.Length == 0 ? null : sent),
                hasNext ? Link(Seek("Next"), token) : null,
                hasPrevious ? Link(Seek("Previous"), token) : null),
        };
    }

    private static Outcome<int> SizeOf(string? text) =>
        text is null ? 0
        // The parser alone would pass NULs at the end.
        : text.All(char.IsAsciiDigit) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size
        : new Problem(ProblemCode.InvalidQuery, "size is a whole number; 0 stands for the default page.", "size");

    private static CustomerPlace? PlaceOf(Call call, string token) =>
        call.Parts.PageTokens.Read(call.Partner.Id, List, token) is { } bytes
            ? JsonSerializer.Deserialize(bytes, CustomerPlaceJson.Default.CustomerPlace)
            : null;

    private string TokenOf(Call call, CustomerRow[] page)
    {
        var place = new CustomerPlace(Size, Range, SeekOf(page[0]), SeekOf(page[^1]));
        return call.Parts.PageTokens.Create(call.Partner.Id, List, JsonSerializer.SerializeToUtf8Bytes(place, CustomerPlaceJson.Default.CustomerPlace));
    }

    private CustomerSeek SeekOf(CustomerRow row) => new(
        Range.Order == CustomerOrder.Domain ? row.Domain : CustomerRows.SearchName(row.CompanyName), row.Id.Value);

    private string Seek(string operation) => string.Create(CultureInfo.InvariantCulture, $"/customers?size={Size}&seekOperation={operation}");

    private static WireLink Link(string uri, string? token) =>
        new(uri) { Headers = token is null ? [] : [new WireHeader(TokenHeader, token)] };
}
