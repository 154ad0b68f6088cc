using System.Text.Json.Serialization;

namespace Concordat.Server.PartnerCenter;

/// <summary>A list on the wire. <c>items</c> and <c>totalCount</c> are never null; no client takes a bare array.</summary>
internal sealed record WireCollection<T>(int TotalCount, IReadOnlyList<T> Items)
{
    public WireLinks? Links { get; init; }

    public string? ContinuationToken { get; init; }

    public WireAttributes Attributes { get; init; } = new("Collection");
}

/// <summary>What kind of object it is; versioned ones carry their ETag.</summary>
internal sealed record WireAttributes(string ObjectType, string? Etag = null);

/// <summary>Links are relative and without <c>/v1</c>: every SDK puts it in front.</summary>
internal sealed record WireLinks(WireLink? Self = null, WireLink? Next = null, WireLink? Previous = null);

internal sealed record WireLink(string Uri, string Method = "GET")
{
    public IReadOnlyList<WireHeader> Headers { get; init; } = [];
}

internal sealed record WireHeader(string Key, string Value);

/// <summary>Reads names in any casing, ignores unknown ones, writes camelCase, leaves nulls out.</summary>
[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireCollection<WireAgreementMetadata>))]
[JsonSerializable(typeof(WireCollection<WireAgreement>))]
[JsonSerializable(typeof(WireAgreement))]
[JsonSerializable(typeof(WireSignedStatus))]
[JsonSerializable(typeof(WireOrder))]
[JsonSerializable(typeof(WireCollection<WireOrder>))]
internal sealed partial class WireTypes : JsonSerializerContext;
