using System.Globalization;
using System.Text;

namespace Concordat.Server.Background.Mails.Smtp;

/// <summary>A reply: its code, the texts of its lines.</summary>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    public bool IsGood => Code is >= 200 and < 400;

    public bool IsTemporary => Code is >= 400 and < 500;

    /// <summary>Code and enhanced code (RFC 3463) without the server's words, which may quote an address.</summary>
    public string Codes
    {
        get
        {
            var enhanced = Lines[^1].Split(' ', 2)[0];
            var parts = enhanced.Split('.');
            var known = parts.Length == 3 && parts[0] is "2" or "4" or "5" && parts.All(part => part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit));
            return known ? string.Create(CultureInfo.InvariantCulture, $"{Code} {enhanced}") : Code.ToString(CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>Lines over a stream: replies are read however the network cuts them, and bounded.</summary>
internal sealed class SmtpWire(Stream stream) : IAsyncDisposable
{
    private const int MaxLine = 4096;
    private const int MaxLines = 128;

    private readonly byte[] buffer = new byte[MaxLine];
    private int start;
    private int end;

    /// <summary>The stream below, to be wrapped by TLS.</summary>
    public Stream Stream { get; } = stream;

    /// <summary>True when the server has sent more than was read: before TLS, that would be somebody else's words.</summary>
    public bool HasUnread => start < end;

    public async Task<SmtpReply> AskAsync(string command, CancellationToken cancel)
    {
        await Stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), cancel);
        await Stream.FlushAsync(cancel);
        return await ReadAsync(cancel);
    }

    /// <summary>Reads one whole reply; what is none throws <see cref="IOException"/>, as a broken connection does.</summary>
    public async Task<SmtpReply> ReadAsync(CancellationToken cancel)
    {
        var lines = new List<string>();
        while (lines.Count < MaxLines)
        {
            var line = await LineAsync(cancel);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or >= 600)
            {
                throw new IOException("The mail server's answer is not a reply.");
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return new SmtpReply(code, lines);
            }
        }

        throw new IOException("The mail server's reply does not end.");
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    private async Task<string> LineAsync(CancellationToken cancel)
    {
        while (true)
        {
            var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var line = Encoding.UTF8.GetString(buffer, start, newline).TrimEnd('\r');
                start += newline + 1;
                return line;
            }

            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            var room = buffer.Length - end;
            var read = room == 0 ? 0 : await Stream.ReadAsync(buffer.AsMemory(end, room), cancel);
            if (read == 0)
            {
                throw new IOException(room == 0 ? "The mail server's line does not end." : "The mail server ended the connection.");
            }

            end += read;
        }
    }
}
