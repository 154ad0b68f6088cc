namespace Concordat.Server.Hosting;

/// <summary>A query parameter as the OpenAPI document names it.</summary>
internal sealed record QueryNote(string Name, string Meaning);

/// <summary>What the OpenAPI document says about a route beside its method and path.</summary>
/// <param name="Summary">One sentence: what the call is for.</param>
/// <param name="Status">The status of success.</param>
/// <param name="Request">The body's type, null for none.</param>
/// <param name="Response">The answer's type, null for one without a fixed shape.</param>
internal sealed record RouteNote(string Summary, int Status = 200, Type? Request = null, Type? Response = null)
{
    public IReadOnlyList<QueryNote> Query { get; init; } = [];
}

/// <summary>An endpoint's place in the OpenAPI document; every route of <c>/v1</c> and <c>/api</c> carries one.</summary>
internal sealed record RouteEntry(string Method, string Path, Access Access, RouteNote Note);
