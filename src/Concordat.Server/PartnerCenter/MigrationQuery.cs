using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>
/// Which migrations or schedules of a partner are asked for: those of a customer, of a legacy subscription, of a batch.
/// These lists are bare arrays with the next page's token in a header, unlike every other list.
/// </summary>
internal sealed record MigrationQuery(CustomerId? Customer, Guid? Subscription, string? Reference, int Size, MigrationPlace After)
{
    private const string TokenHeader = "MS-ContinuationToken";
    private const int MostRows = 300;
    private const int ReadAtOnce = 1_000;
    private const int PlaceBytes = 32;

    public static IReadOnlyList<QueryNote> Notes { get; } =
    [
        new("customerTenantId", "Of one customer; one of the three ids is needed."),
        new("currentSubscriptionId", "Of one legacy subscription."),
        new("externalReferenceId", "Of one batch, by the caller's own reference."),
        new("pageSize", "1 to 300; 300 when absent. The header MS-ContinuationToken of the answer leads to the next page."),
    ];

    /// <summary>True for what the query names.</summary>
    public bool Wants(Guid subscription, string? reference) =>
        (Subscription is null || Subscription == subscription) && (Reference is null || Reference == reference);

    /// <summary>Answers a page: rows read in their order, less those that the query does not want.</summary>
    public static async Task RespondAsync<TRow, TWire>(
        Call call, Func<Tx, PartnerId, CustomerId?, MigrationPlace, int, ValueTask<List<TRow>>> read, Func<TRow, MigrationPlace> placeOf,
        Func<MigrationQuery, TRow, bool> wants, Func<TRow, TWire> show, JsonTypeInfo<IReadOnlyList<TWire>> type)
    {
        if (!Of(call).TryGetValue(out var query, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var found = new List<TRow>();
        await call.ReadAsync(async tx =>
        {
            var (after, more) = (query.After, true);
            while (more && found.Count <= query.Size)
            {
                var rows = await read(tx, call.Partner.Id, query.Customer, after, ReadAtOnce);
                found.AddRange(rows.Where(row => wants(query, row)));
                more = rows.Count == ReadAtOnce;
                after = more ? placeOf(rows[^1]) : after;
            }

            return found.Count;
        });
        var page = found.Take(query.Size).ToList();
        if (found.Count > page.Count)
        {
            call.Http.Response.Headers[TokenHeader] = call.Parts.PageTokens.Create(call.Partner.Id, ListOf(call), BytesOf(placeOf(page[^1])));
        }

        await call.RespondAsync(200, page.ConvertAll(row => show(row)), type);
    }

    private static Outcome<MigrationQuery> Of(Call call)
    {
        var (customer, subscription) = (Guid.Empty, Guid.Empty);
        if (call.Query("customerTenantId") is { } tenant && !Guids.TryParse(tenant, out customer))
        {
            return new Problem(ProblemCode.InvalidCustomerId, "customerTenantId is a GUID.", "customerTenantId");
        }

        if (call.Query("currentSubscriptionId") is { } current && !Guids.TryParse(current, out subscription))
        {
            return new Problem(ProblemCode.InvalidQuery, "currentSubscriptionId is a GUID.", "currentSubscriptionId");
        }

        var reference = call.Query("externalReferenceId");
        if (customer == Guid.Empty && subscription == Guid.Empty && reference is null)
        {
            return new Problem(ProblemCode.InvalidQuery, "Name a customerTenantId, a currentSubscriptionId or an externalReferenceId.", "customerTenantId");
        }

        var size = MostRows;
        if (call.Query("pageSize") is { } text
            && !(text.All(char.IsAsciiDigit) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size is >= 1 and <= MostRows))
        {
            return new Problem(ProblemCode.InvalidQuery, "pageSize is a whole number from 1 to 300.", "pageSize");
        }

        return AfterOf(call).TryGetValue(out var after, out var problem)
            ? new MigrationQuery(
                customer == Guid.Empty ? null : new CustomerId(customer), subscription == Guid.Empty ? null : subscription, reference, size, after)
            : problem;
    }

    private static Outcome<MigrationPlace> AfterOf(Call call)
    {
        var token = call.Http.Request.Headers[TokenHeader].ToString();
        return token.Length == 0 ? default(MigrationPlace)
            : call.Parts.PageTokens.Read(call.Partner.Id, ListOf(call), token) is { Length: PlaceBytes } bytes
                ? new MigrationPlace(new Guid(bytes.AsSpan(0, 16), bigEndian: true), new Guid(bytes.AsSpan(16), bigEndian: true))
                : new Problem(ProblemCode.InvalidQuery, "The continuation token is not one that this list gave you.", TokenHeader);
    }

    /// <summary>Migrations and schedules are lists of their own.</summary>
    private static string ListOf(Call call) => call.Http.Request.Path.Value!.ToLowerInvariant();

    private static byte[] BytesOf(MigrationPlace place) =>
        [.. place.Customer.ToByteArray(bigEndian: true), .. place.Id.ToByteArray(bigEndian: true)];
}
