using System.Text.Json;

namespace Concordat.Server.Hosting.Identity;

/// <summary>
/// The keys of one issuer by <c>kid</c>: given once (the sandbox), or fetched from its pinned address. An unknown
/// <c>kid</c> causes at most one fetch in five minutes, whoever sends how many; keys outlive an outage of the
/// issuer by 24 hours (rule T2).
/// </summary>
internal sealed class IssuerKeys(IssuerOptions issuer, HttpClient http, TimeProvider wall, ILogger<IssuerKeys> log)
{
    public static readonly TimeSpan FetchInterval = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LastKnownGood = TimeSpan.FromHours(24);

    /// <summary>Older keys are fetched again in passing, so that a key which the issuer takes back is noticed.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private volatile Dictionary<string, SigningKey> keys = [];
    private DateTimeOffset fetchedAt = DateTimeOffset.MinValue;
    private DateTimeOffset attemptedAt = DateTimeOffset.MinValue;
    private Task fetch = Task.CompletedTask;

    public IssuerOptions Issuer => issuer;

    /// <summary>The trusted key of that name, or null. Waits for the network only when the name is unknown.</summary>
    public async ValueTask<SigningKey?> FindAsync(string kid, CancellationToken cancel)
    {
        if (Known(kid) is not { } key)
        {
            await FetchIfDue(TimeSpan.Zero).WaitAsync(cancel);
            return Known(kid);
        }
        _ = FetchIfDue(FreshFor);
        return key;
    }

    /// <summary>Takes these keys from now on, without end; the ones that are gone lose their trust at once.</summary>
    public void Replace(IReadOnlyList<SigningKey> current) => Replace(current, DateTimeOffset.MaxValue);

    private SigningKey? Known(string kid) =>
        keys.TryGetValue(kid, out var key) && key.IsTrusted(wall.GetUtcNow()) ? key : null;

    /// <summary>Fetches keys older than <paramref name="age"/>. Those who ask while a fetch is under way share it.</summary>
    private Task FetchIfDue(TimeSpan age)
    {
        lock (gate)
        {
            var now = wall.GetUtcNow();
            if (issuer.JwksUri is not { } uri || (now - fetchedAt).Duration() < age)
                return fetch;
            if (!fetch.IsCompleted || (now - attemptedAt).Duration() < FetchInterval)
                return fetch;
            attemptedAt = now;
            return fetch = FetchAsync(uri);
        }
    }

    /// <summary>Never fails: without an answer the keys stay as they are. No caller's cancellation ends a shared fetch.</summary>
    private async Task FetchAsync(Uri uri)
    {
        try
        {
            var json = await http.GetByteArrayAsync(uri, CancellationToken.None);
            // Entra ID names the issuer of each key in its v2 set only.
            var current = KeySet.Read(json, issuerNeeded: issuer.Version == "2.0");
            if (current.Count == 0)
                throw new JsonException("The key set holds no usable key.");
            var now = wall.GetUtcNow();
            Replace(current, now + LastKnownGood);
            lock (gate)
                fetchedAt = now;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            LogEvents.KeysNotRead(log, e, issuer.Template);
        }
    }

    private void Replace(IReadOnlyList<SigningKey> current, DateTimeOffset trustedUntil)
    {
        lock (gate)
        {
            var next = new Dictionary<string, SigningKey>(StringComparer.Ordinal);
            foreach (var key in current)
            {
                // The same key keeps its object: cached tokens point to it.
                var kept = keys.TryGetValue(key.Kid, out var old) && old.IsSameKey(key) ? old : key;
                kept.TrustUntil(trustedUntil);
                next[key.Kid] = kept;
            }
            foreach (var (kid, old) in keys)
                if (!next.TryGetValue(kid, out var kept) || kept != old)
                    old.Retire();
            keys = next;
        }
    }
}
