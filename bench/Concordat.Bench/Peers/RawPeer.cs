using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Concordat.Bench.Peers;

/// <summary>
/// R: raw Kestrel bytes. The least that is still ordinary ASP.NET Core: one middleware that writes the same array to
/// everybody, no routing, no logging.
/// </summary>
internal static class RawPeer
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, (int)arguments.Number("--port", 0));
        });
        await using var app = builder.Build();
        var body = new byte[arguments.Number("--bytes", 2)];
        body.AsSpan().Fill((byte)' ');
        app.Run(http =>
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            http.Response.ContentLength = body.Length;
            return http.Response.Body.WriteAsync(body).AsTask();
        });
        await app.RunAsync();
        return 0;
    }
}
