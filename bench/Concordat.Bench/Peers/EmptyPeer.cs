using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Concordat.Bench.Peers;

/// <summary>An ASP.NET Core app as the template makes it, with one route: what starting and idling cost before any code of ours.</summary>
internal static class EmptyPeer
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{arguments.Number("--port", 0)}");
        await using var app = builder.Build();
        app.MapGet("/health/ready", () => "ready");
        await app.RunAsync();
        return 0;
    }
}
