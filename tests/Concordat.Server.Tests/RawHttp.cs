using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Concordat.Server.Tests;

/// <summary>HTTP/1.1 by hand: the bytes go out exactly as the test wrote them, one connection per request.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Sends the bytes and reads to the end of the stream; the request should ask for <c>Connection: close</c>.</summary>
    /// <param name="baseUrl">Where the server listens.</param>
    /// <param name="request">Everything, from the request line on.</param>
    /// <param name="hangUp">Closes the sending side afterwards: what is missing then will never come.</param>
    public static async Task<Answer> SendAsync(string baseUrl, ReadOnlyMemory<byte> request, bool hangUp = false)
    {
        var url = new Uri(baseUrl);
        using var patience = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, patience.Token);
        var stream = client.GetStream();
        var answer = ReadAsync(stream, patience.Token);
        try
        {
            await stream.WriteAsync(request, patience.Token);
            if (hangUp)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (IOException)
        {
            // The server may answer and close before it has read a body that it will not take.
        }

        return Parse(await answer);
    }

    /// <summary>A request line, headers and a body as bytes; a length is added unless the headers say how the body is framed.</summary>
    public static byte[] Request(string line, IEnumerable<string> headers, ReadOnlySpan<byte> body)
    {
        var lines = headers.ToList();
        var chunked = lines.Exists(header => header.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase));
        if (!chunked && body.Length > 0 && !lines.Exists(header => header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)))
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}"));
        }

        var head = Encoding.UTF8.GetBytes(string.Concat(lines.Prepend(line).Select(text => text + "\r\n")) + "\r\n");
        return [.. head, .. chunked ? Chunks(body) : body.ToArray()];
    }

    /// <summary>The body in chunks of at most <paramref name="size"/> bytes.</summary>
    public static byte[] Chunks(ReadOnlySpan<byte> body, int size = 64 * 1024)
    {
        using var framed = new MemoryStream();
        for (var at = 0; at < body.Length; at += size)
        {
            var chunk = body[at..Math.Min(at + size, body.Length)];
            framed.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n")));
            framed.Write(chunk);
            framed.Write("\r\n"u8);
        }

        framed.Write("0\r\n\r\n"u8);
        return framed.ToArray();
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, CancellationToken cancel)
    {
        using var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all, cancel);
        }
        catch (IOException)
        {
            // Reset, because the rest of the request was never read; what came before it is the answer.
        }

        return all.ToArray();
    }

    /// <summary>The last answer on the connection; status 0 when the server closed it without one.</summary>
    private static Answer Parse(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return new Answer(0, "", new Dictionary<string, string>());
        }

        var head = Encoding.UTF8.GetString(bytes, 0, end).Split("\r\n");
        var headers = head.Skip(1).Select(line => line.Split(':', 2)).GroupBy(pair => pair[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => string.Join(", ", group.Select(pair => pair[1].Trim())), StringComparer.OrdinalIgnoreCase);
        var status = int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture);
        return new Answer(status, Encoding.UTF8.GetString(bytes, end + 4, bytes.Length - end - 4), headers);
    }
}
