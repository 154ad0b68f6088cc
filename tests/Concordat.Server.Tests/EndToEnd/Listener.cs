using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Concordat.Server.Tests.EndToEnd;

/// <summary>Plays what the server talks to: an OTLP collector that keeps what is posted, and an issuer's key set.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly WebApplication app;

    private Listener(WebApplication app, string baseUrl) => (this.app, BaseUrl) = (app, baseUrl);

    public string BaseUrl { get; }

    /// <summary>What GET answers.</summary>
    public string Document { get; set; } = "{}";

    /// <summary>Bodies by path, in Latin-1 so that every byte is one character.</summary>
    public ConcurrentQueue<(string Path, string Body)> Posts { get; } = [];

    public static async Task<Listener> StartAsync()
    {
        var port = Child.FreePort();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var listener = new Listener(builder.Build(), $"http://127.0.0.1:{port}");
        listener.app.Run(listener.AnswerAsync);
        await listener.app.StartAsync();
        return listener;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Method == "GET")
        {
            await http.Response.WriteAsync(Document);
            return;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Posts.Enqueue((http.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
    }
}
