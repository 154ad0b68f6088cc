using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Server.Hosting;

namespace Concordat.Server.PartnerCenter;

/// <summary>
/// Maps calls under <c>/v1</c>. Before a handler runs, the token was validated, partner, person and role were looked up,
/// and the declared <see cref="Access"/> was checked: a route without one cannot be written.
/// </summary>
internal sealed class WireRoutes(IEndpointRouteBuilder endpoints, Guard guard, Throttle throttle)
{
    /// <summary>How this surface answers.</summary>
    public static readonly Edge Edge = new(WireError.WriteAsync, ByteOrderMark: true);

    public void Get(string path, Access access, Handler handler, RouteNote note) => Map("GET", path, access, handler, note);

    public void Head(string path, Access access, Handler handler, RouteNote note) => Map("HEAD", path, access, handler, note);

    public void Post(string path, Access access, Handler handler, RouteNote note) => Map("POST", path, access, handler, note);

    public void Put(string path, Access access, Handler handler, RouteNote note) => Map("PUT", path, access, handler, note);

    public void Patch(string path, Access access, Handler handler, RouteNote note) => Map("PATCH", path, access, handler, note);

    public void Delete(string path, Access access, Handler handler, RouteNote note) => Map("DELETE", path, access, handler, note);

    private void Map(string method, string path, Access access, Handler handler, RouteNote note)
    {
        var admitted = access.Throttled ? Throttled($"{method} {path}", handler) : handler;
        endpoints.MapMethods("/v1/" + path, [method], http => guard.RunAsync(http, Edge, access, admitted))
            .WithMetadata(new RouteEntry(method, "/v1/" + path, access, note));
    }

    private Handler Throttled(string name, Handler handler) => call =>
        call.Partner.Switches.Throttling && throttle.Take(call.Partner.Id, CustomerOf(call), name) is { } problem
            ? call.ThrottleAsync(problem, name)
            : handler(call);

    private static CustomerId? CustomerOf(Call call) =>
        Guids.TryParse(call.Http.Request.RouteValues["customer"] as string, out var id) ? new CustomerId(id) : null;
}
