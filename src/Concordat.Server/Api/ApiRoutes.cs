using Concordat.Server.Hosting;

namespace Concordat.Server.Api;

/// <summary>Maps our own calls under <c>/api</c>; as on the wire, a route without an <see cref="Access"/> cannot be written.</summary>
internal sealed class ApiRoutes(IEndpointRouteBuilder endpoints, Guard guard)
{
    /// <summary>How this surface answers.</summary>
    public static readonly Edge Edge = new(ApiError.WriteAsync, Headers: AnswerHeaders.RequestIdOnly);

    public void Get(string path, Access access, Handler handler, RouteNote note) => Map("GET", path, access, handler, note);

    public void Post(string path, Access access, Handler handler, RouteNote note) => Map("POST", path, access, handler, note);

    private void Map(string method, string path, Access access, Handler handler, RouteNote note) =>
        endpoints.MapMethods("/api/" + path, [method], http => guard.RunAsync(http, Edge, access, handler))
            .WithMetadata(new RouteEntry(method, "/api/" + path, access, note));
}
