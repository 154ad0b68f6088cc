using System.Text;

namespace Concordat.Core.Ledger;

/// <summary>One signature line of a note.</summary>
/// <param name="Name">Name of the key.</param>
/// <param name="KeyId">Eight lower-case hex digits.</param>
/// <param name="Signature">What follows the id.</param>
public sealed record NoteSignature(string Name, string KeyId, byte[] Signature)
{
    /// <summary>The line without its line feed.</summary>
    public string Line => $"— {Name} {Convert.ToBase64String([.. Convert.FromHexString(KeyId), .. Signature])}";

    internal static NoteSignature? Parse(string line)
    {
        var parts = line.Split(' ');
        return parts is ["—", var name, var base64] && StrictText.IsKeyName(name) && StrictText.Base64(base64) is { Length: > 4 } bytes
            ? new NoteSignature(name, Convert.ToHexStringLower(bytes.AsSpan(0, 4)), bytes[4..])
            : null;
    }
}

/// <summary>A checkpoint with its signatures, as it is published (C2SP signed-note and tlog-checkpoint).</summary>
public sealed record SignedNote(Checkpoint Checkpoint, IReadOnlyList<NoteSignature> Signatures)
{
    /// <summary>Signature lines at most.</summary>
    public const int MaxSignatures = 32;

    /// <summary>The whole note.</summary>
    public string Text => $"{Checkpoint.Text}\n{string.Concat(Signatures.Select(signature => signature.Line + "\n"))}";

    /// <summary>The whole note in UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(Text);

    /// <summary>Reads a note that ends in exactly one line feed; null for any other spelling.</summary>
    public static SignedNote? Parse(ReadOnlySpan<byte> bytes) => StrictText.Text(bytes) is { } text ? Parse(text) : null;

    /// <summary>Reads a note that ends in exactly one line feed; null for any other spelling.</summary>
    public static SignedNote? Parse(string text)
    {
        var cut = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (cut < 0 || !text.EndsWith('\n') || text.Any(c => StrictText.IsControl(c) && c != '\n') ||
            Checkpoint.Parse(text[..(cut + 1)]) is not { } checkpoint)
        {
            return null;
        }

        var lines = text[(cut + 2)..].Split('\n')[..^1];
        var signatures = lines.Select(NoteSignature.Parse).OfType<NoteSignature>().ToList();
        return lines.Length is > 0 and <= MaxSignatures && signatures.Count == lines.Length ? new SignedNote(checkpoint, signatures) : null;
    }
}
