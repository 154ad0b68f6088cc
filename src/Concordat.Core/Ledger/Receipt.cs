using System.Buffers;
using System.Globalization;
using System.Text;

namespace Concordat.Core.Ledger;

/// <summary>A hash of something that was shown or signed, by the name under which the entry holds it.</summary>
public sealed record ReceiptDocument(string Name, string Sha256);

/// <summary>
/// What proves one record to people who do not trust us: the entry, what opens its digests, and its place in a signed tree.
/// The text is a C2SP tlog-proof whose <c>extra</c> line is required.
/// </summary>
public sealed record Receipt(
    byte[] Entry, IReadOnlyList<string> Disclosures, IReadOnlyList<ReceiptDocument> Documents, byte[]? TimeStamp,
    long Index, IReadOnlyList<byte[]> Path, SignedNote Note)
{
    /// <summary>Bytes of a receipt at most.</summary>
    public const int MaxBytes = 65_536;

    /// <summary>Hashes of a path at most.</summary>
    public const int MaxPath = 63;

    /// <summary>The first line.</summary>
    public const string Magic = "c2sp.org/tlog-proof@v1";

    /// <summary>The file.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder(4096);
        text.Append(CultureInfo.InvariantCulture, $"{Magic}\nextra {Convert.ToBase64String(ExtraBytes())}\nindex {Index}\n");
        foreach (var hash in Path)
        {
            text.Append(Convert.ToBase64String(hash)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.Append('\n').Append(Note.Text).ToString());
    }

    /// <summary>Reads a file; null unless it is spelled exactly as <see cref="ToBytes"/> does.</summary>
    public static Receipt? Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxBytes || StrictText.Text(file) is not { } text)
        {
            return null;
        }

        var cut = text.IndexOf("\n\n", StringComparison.Ordinal);
        return cut >= 0 && text[..cut].Split('\n') is [Magic, var extra, var index, .. var path] &&
            extra.StartsWith("extra ", StringComparison.Ordinal) && StrictText.Base64(extra[6..]) is { } json &&
            index.StartsWith("index ", StringComparison.Ordinal) && StrictText.Number(index[6..]) is { } number &&
            ReadPath(path) is { } hashes && SignedNote.Parse(text[(cut + 2)..]) is { } note
                ? ReadExtra(json, number, hashes, note)
                : null;
    }

    private static List<byte[]>? ReadPath(string[] lines)
    {
        var hashes = lines.Select(StrictText.Base64).OfType<byte[]>().Where(hash => hash.Length == TreeHash.Bytes).ToList();
        return lines.Length <= MaxPath && hashes.Count == lines.Length ? hashes : null;
    }

    private static Receipt? ReadExtra(byte[] json, long index, List<byte[]> path, SignedNote note)
    {
        if (CanonicalReader.Read(json) is not { Members: { } members } extra ||
            members.Any(member => member.Key is not ("disclosures" or "docs" or "entry" or "tst")) ||
            extra["disclosures"]?.Texts is not { } disclosures || extra["entry"]?.Text is not { } text ||
            StrictText.Base64(text) is not { } entry || ReadDocuments(extra["docs"]) is not { } documents)
        {
            return null;
        }

        byte[]? timeStamp = null;
        if (extra["tst"] is { } member && (member.Text is not { } base64 || (timeStamp = StrictText.Base64(base64)) is null))
        {
            return null;
        }

        return new Receipt(entry, disclosures, documents, timeStamp, index, path, note);
    }

    private static List<ReceiptDocument>? ReadDocuments(CanonicalValue? value)
    {
        var documents = value?.Items?.Select(item =>
            item is { Members.Count: 2 } && item["name"]?.Text is { } name && item["sha256"]?.Text is { } sha256 && StrictText.IsSha256(sha256)
                ? new ReceiptDocument(name, sha256)
                : null).OfType<ReceiptDocument>().ToList();
        return documents?.Count == value?.Items?.Count ? documents : null;
    }

    private byte[] ExtraBytes()
    {
        var output = new ArrayBufferWriter<byte>(4096);
        output.Write("{\"disclosures\":["u8);
        var separator = ReadOnlySpan<byte>.Empty;
        foreach (var disclosure in Disclosures)
        {
            output.Write(separator);
            output.WriteString(disclosure);
            separator = ","u8;
        }

        output.Write("],\"docs\":["u8);
        separator = [];
        foreach (var (name, sha256) in Documents)
        {
            output.Write(separator);
            output.Write("{\"name\":"u8);
            output.WriteString(name);
            output.Write(",\"sha256\":"u8);
            output.WriteString(sha256);
            output.Write("}"u8);
            separator = ","u8;
        }

        output.Write("],\"entry\":"u8);
        output.WriteString(Convert.ToBase64String(Entry));
        if (TimeStamp is not null)
        {
            output.Write(",\"tst\":"u8);
            output.WriteString(Convert.ToBase64String(TimeStamp));
        }

        output.Write("}"u8);
        return output.WrittenSpan.ToArray();
    }
}
