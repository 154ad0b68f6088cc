using System.Text.RegularExpressions;
using Concordat.Server.Hosting.Identity;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Concordat.Server.Hosting;

/// <summary>The fault body of <c>/v1</c>, as the document shows it.</summary>
internal sealed record FaultDocument(int Code, string Description, IReadOnlyList<string> Data, string? Source);

/// <summary>The problem body of <c>/api</c> (RFC 9457), as the document shows it.</summary>
internal sealed record ProblemDocument(string Type, int Status, string Code, string Detail, string? Field, string RequestId);

/// <summary>
/// The OpenAPI document of <c>/v1</c> and <c>/api</c>, served at <c>/api/openapi.json</c>. The framework cannot look into
/// handlers that read and write the connection themselves, so each route says what it takes and answers in its
/// <see cref="RouteEntry"/>.
/// </summary>
internal static partial class OpenApiText
{
    private const string Scheme = "bearer";

    public static void Add(IServiceCollection services) =>
        services.AddOpenApi(options => options.AddDocumentTransformer(FillAsync));

    public static void Map(WebApplication app) => app.MapOpenApi("/api/openapi.json");

    private static async Task FillAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Concordat",
            Version = "1",
            Description = "Partner Center's calls around customer agreements (/v1), and our own (/api).",
        };
        // The address is whatever host serves it.
        document.Servers = [];
        document.Tags = null;
        document.Paths = [];
        document.AddComponent(Scheme, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" });
        var fault = await SchemaAsync(document, context, typeof(FaultDocument), cancel);
        var problem = await SchemaAsync(document, context, typeof(ProblemDocument), cancel);
        foreach (var route in Routes(context.ApplicationServices))
        {
            var isWire = route.Path.StartsWith("/v1/", StringComparison.Ordinal);
            var operation = new OpenApiOperation
            {
                Summary = route.Note.Summary,
                Description = Describe(route.Access),
                Parameters = [.. ParametersOf(route)],
                Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }],
                Responses = new OpenApiResponses
                {
                    [$"{route.Note.Status}"] = Answer("Done.", "application/json", await SchemaAsync(document, context, route.Note.Response, cancel)),
                    ["default"] = isWire ? Answer("Refused.", "application/json", fault) : Answer("Refused.", "application/problem+json", problem),
                },
            };
            if (route.Note.Request is { } request)
            {
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Content("application/json", await SchemaAsync(document, context, request, cancel)) };
            }

            if (!document.Paths.TryGetValue(route.Path, out var path))
            {
                document.Paths.Add(route.Path, path = new OpenApiPathItem());
            }

            ((OpenApiPathItem)path).AddOperation(HttpMethod.Parse(route.Method), operation);
        }
    }

    private static IEnumerable<RouteEntry> Routes(IServiceProvider services) =>
        services.GetRequiredService<EndpointDataSource>().Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<RouteEntry>())
            .OfType<RouteEntry>().OrderBy(route => route.Path, StringComparer.Ordinal).ThenBy(route => route.Method, StringComparer.Ordinal);

    private static IEnumerable<IOpenApiParameter> ParametersOf(RouteEntry route) =>
        PathParameter().Matches(route.Path).Select(match => Parameter(match.Groups[1].Value, ParameterLocation.Path, "From the path."))
            .Concat(route.Note.Query.Select(query => Parameter(query.Name, ParameterLocation.Query, query.Meaning)));

    private static OpenApiParameter Parameter(string name, ParameterLocation location, string meaning) => new()
    {
        Name = name,
        In = location,
        Required = location == ParameterLocation.Path,
        Description = meaning,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiResponse Answer(string description, string type, IOpenApiSchema? schema) =>
        new() { Description = description, Content = schema is null ? null : Content(type, schema) };

    private static Dictionary<string, OpenApiMediaType> Content(string type, IOpenApiSchema? schema) =>
        new() { [type] = new OpenApiMediaType { Schema = schema } };

    /// <summary>A reference to the type's schema, which stands in the document once.</summary>
    private static async Task<IOpenApiSchema?> SchemaAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, Type? type, CancellationToken cancel)
    {
        if (type is null)
        {
            return null;
        }

        var name = NameOf(type);
        if (document.Components?.Schemas?.ContainsKey(name) != true)
        {
            document.AddComponent(name, await context.GetOrCreateSchemaAsync(type, null, cancel));
        }

        return new OpenApiSchemaReference(name, document);
    }

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}Of{string.Concat(type.GetGenericArguments().Select(NameOf))}"
        : type.Name;

    private static string Describe(Access access)
    {
        var kinds = (access.AppOnly, access.User) switch
        {
            (true, true) => "App-only or App+User token",
            (true, false) => "App-only token",
            _ => "App+User token",
        };
        var roles = access.User ? $"; a user needs one of the roles {access.Roles & ~Roles.Application}" : "";
        var resellers = access.Resellers ? "; indirect resellers may call" : "";
        return $"{kinds}{roles}{resellers}.";
    }

    [GeneratedRegex(@"\{\*{0,2}(\w+)")]
    private static partial Regex PathParameter();
}
