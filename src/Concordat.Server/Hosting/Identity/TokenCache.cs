using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Concordat.Server.Hosting.Identity;

/// <summary>
/// Remembers validated tokens by the whole Authorization header until they expire or their key goes. Only valid tokens
/// enter, so nobody can fill it with rubbish. A hit allocates nothing. The oldest make room for new ones past
/// <c>entryLimit</c> tokens or <c>charLimit</c> characters of header (two bytes each).
/// </summary>
internal sealed class TokenCache(TimeProvider wall, int entryLimit = 65_536, long charLimit = 64 * 1024 * 1024)
{
    private readonly ConcurrentDictionary<string, Entry> entries = new(new ByTail());
    private readonly Queue<Entry> byAge = new();
    private long chars;

    /// <summary>Entries held, expired ones that nothing has pushed out yet included.</summary>
    public int Count => entries.Count;

    public bool TryGet(string header, [NotNullWhen(true)] out Caller? caller)
    {
        caller = null;
        if (!entries.TryGetValue(header, out var entry))
            return false;
        if (!entry.IsValid(wall.GetUtcNow()))
            return false;
        caller = entry.Token.Caller;
        return true;
    }

    public void Add(string header, ValidToken token)
    {
        var entry = new Entry(header, token);
        var now = wall.GetUtcNow();
        lock (byAge)
        {
            byAge.Enqueue(entry);
            chars += header.Length;
            entries[header] = entry;
            while (byAge.TryPeek(out var oldest) && (byAge.Count > entryLimit || chars > charLimit || !oldest.IsValid(now)))
            {
                byAge.Dequeue();
                chars -= oldest.Header.Length;
                // Only this very entry: the same header may have come again since.
                entries.TryRemove(KeyValuePair.Create(oldest.Header, oldest));
            }
        }
    }

    private sealed class Entry(string header, ValidToken token)
    {
        public string Header => header;
        public ValidToken Token => token;
        public bool IsValid(DateTimeOffset now) => now < token.ExpiresAt && token.Key.IsTrusted(now);
    }

    /// <summary>
    /// Equal means the whole string. The hash reads the end only, which is the signature: as good as random among valid
    /// tokens, at a fortieth of the cost.
    /// </summary>
    private sealed class ByTail : IEqualityComparer<string>
    {
        private const int Tail = 24;

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string header) =>
            string.GetHashCode(header.AsSpan(Math.Max(0, header.Length - Tail)), StringComparison.Ordinal);
    }
}
