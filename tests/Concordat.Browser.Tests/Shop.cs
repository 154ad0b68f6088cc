using System.Net;
using System.Text;

namespace Concordat.Browser.Tests;

/// <summary>A page of another origin that frames an address and keeps the messages it gets.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task serving;
    private string html = "";

    private Shop(int port)
    {
        Origin = $"http://127.0.0.1:{port}";
        listener.Prefixes.Add(Origin + "/");
        listener.Start();
        serving = ServeAsync();
    }

    public string Origin { get; }

    public static Shop Open()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return new Shop(port);
    }

    /// <summary>What the shop's page shows.</summary>
    public void Frame(string address, int width = 700, int height = 900) => html = $$"""
        <!DOCTYPE html><html lang="en"><title>Shop</title><script>
        window.heard = [];
        addEventListener('message', (event) => heard.push({ origin: event.origin, data: event.data }));
        </script><iframe title="Agreement" width="{{width}}" height="{{height}}" src="{{WebUtility.HtmlEncode(address)}}"></iframe></html>
        """;

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            var context = await listener.GetContextAsync();
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(html));
            context.Response.Close();
        }
    }
}
