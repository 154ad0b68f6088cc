using System.Globalization;
using System.Text;

namespace Concordat.Core.Ledger;

/// <summary>What a ledger signs: at this size its root was this.</summary>
/// <param name="Origin">The ledger's name, its address without scheme: <c>example.com/ledger/1</c>.</param>
/// <param name="Size">Leaves.</param>
/// <param name="Root">32 bytes.</param>
public sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    /// <summary>The three lines that are signed, the last line feed included.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>The bytes that are signed.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(Text);

    /// <summary>Reads the three lines; null for any other spelling, also for extension lines.</summary>
    public static Checkpoint? Parse(string text)
    {
        var lines = text.Split('\n');
        return lines is [var origin, var digits, var base64, ""] && StrictText.IsKeyName(origin) && StrictText.Number(digits) is { } size &&
            StrictText.Base64(base64) is { Length: TreeHash.Bytes } root
                ? new Checkpoint(origin, size, root)
                : null;
    }
}
