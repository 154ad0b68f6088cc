using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>
/// What one process tells the others on the same PostgreSQL: which standings a commit changed. The text is base64 of 32
/// bytes for each (partner, then customer), or <c>*</c> for everything.
/// </summary>
internal static class ChangeNotice
{
    public const string Channel = "concordat_standings";

    private const string Everything = "*";
    private const int IdBytes = 32;

    // PostgreSQL refuses texts of 8000 bytes and more; 180 ids are 7680.
    private const int MostIds = 180;

    /// <summary>The texts to send, none when nothing changed.</summary>
    public static IReadOnlyList<string> Payloads(IReadOnlyCollection<StandingId> changed, bool everything) =>
        everything ? [Everything] : changed.Count == 0 ? [] : [.. changed.Chunk(MostIds).Select(ToText)];

    /// <summary>The reverse; null means everything, which is also the safe reading of a text that nobody here wrote.</summary>
    public static IReadOnlyList<StandingId>? Parse(string payload)
    {
        var bytes = new byte[payload.Length];
        if (!Convert.TryFromBase64String(payload, bytes, out var count) || count == 0 || count % IdBytes != 0)
        {
            return null;
        }

        var ids = new StandingId[count / IdBytes];
        for (var i = 0; i < ids.Length; i++)
        {
            var at = bytes.AsSpan(i * IdBytes, IdBytes);
            ids[i] = new StandingId(new PartnerId(new Guid(at[..16], bigEndian: true)), new CustomerId(new Guid(at[16..], bigEndian: true)));
        }

        return ids;
    }

    private static string ToText(StandingId[] ids)
    {
        var bytes = new byte[ids.Length * IdBytes];
        for (var i = 0; i < ids.Length; i++)
        {
            var at = bytes.AsSpan(i * IdBytes, IdBytes);
            ids[i].Partner.Value.TryWriteBytes(at, bigEndian: true, out _);
            ids[i].Customer.Value.TryWriteBytes(at[16..], bigEndian: true, out _);
        }

        return Convert.ToBase64String(bytes);
    }
}
