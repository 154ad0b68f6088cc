using Concordat.Server.Hosting;

namespace Concordat.Server.Api;

/// <summary>The answer of a ping: nothing.</summary>
internal sealed record PingDocument;

/// <summary>"Does my token work": the emptiest call, which passes everything that stands before a handler and answers <c>{}</c>.</summary>
internal static class Ping
{
    private static readonly byte[] Empty = "{}"u8.ToArray();

    public static void Map(ApiRoutes routes)
    {
        routes.Get("ping", Access.Anybody, Answer, new RouteNote("Says whether the token works; answers {}.", Response: typeof(PingDocument)));
        routes.Post("ping", Access.Anybody, Answer, new RouteNote("The same with a body, which is read and ignored.", Response: typeof(PingDocument)));
    }

    private static Task Answer(Call call) => call.RespondAsync(Empty);
}
