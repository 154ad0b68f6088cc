using Concordat.Core;

namespace Concordat.Server.Hosting;

/// <summary>
/// How many requests a minute one call takes. 500 for a partner is what is documented for customers and subscriptions; the
/// number for one customer is ours (docs/partner-center.md, D3).
/// </summary>
/// <param name="PartnerPerMinute">For one partner, over all its customers.</param>
/// <param name="CustomerPerMinute">For one partner and one customer.</param>
internal sealed record ThrottleLimits(int PartnerPerMinute = 500, int CustomerPerMinute = 100);

/// <summary>
/// Counts requests per call and partner, and per call, partner and customer, in minutes of the wall clock. Memory is fixed:
/// when a bucket is full of others' live counters a request goes uncounted, because throttling protects the service and
/// must not fail anybody by accident. Each node counts for itself.
/// </summary>
internal sealed class Throttle(TimeProvider wall, ThrottleLimits limits)
{
    private const int Buckets = 1 << 12;
    private const int SlotsPerBucket = 16;
    private const int Window = 60;

    private readonly Slot[] slots = new Slot[Buckets * SlotsPerBucket];
    private readonly Lock[] locks = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    /// <summary>Null when the request may pass; otherwise the refusal, with the time to the end of the minute.</summary>
    /// <param name="partner">Who calls.</param>
    /// <param name="customer">The customer in the path; null in a call about none.</param>
    /// <param name="call">Method and route.</param>
    public Problem? Take(PartnerId partner, CustomerId? customer, string call)
    {
        var now = wall.GetUtcNow().ToUnixTimeSeconds();
        var api = call.GetHashCode(StringComparison.Ordinal);
        // The customer first: what one customer's limit refuses must not use up the partner's.
        var passes = (customer is not { } one || Count(new Key(partner.Value, one.Value, api), now / Window) <= limits.CustomerPerMinute)
            && Count(new Key(partner.Value, Guid.Empty, api), now / Window) <= limits.PartnerPerMinute;
        return passes ? null : new Problem(ProblemCode.TooManyRequests, "Rate limit is exceeded. Try again later.")
        {
            RetryAfter = TimeSpan.FromSeconds(Window - now % Window),
        };
    }

    /// <summary>
    /// Null when the request may pass; otherwise how long to wait. <paramref name="who"/> is any key of the caller's own: a
    /// network, a session.
    /// </summary>
    public TimeSpan? Take(Guid who, string what, int perMinute)
    {
        var now = wall.GetUtcNow().ToUnixTimeSeconds();
        return Count(new Key(who, Guid.Empty, what.GetHashCode(StringComparison.Ordinal)), now / Window) <= perMinute
            ? null
            : TimeSpan.FromSeconds(Window - now % Window);
    }

    /// <summary>How many came in this minute with this one; 0 when there is no room to count it.</summary>
    private int Count(Key key, long window)
    {
        var bucket = key.GetHashCode() & (Buckets - 1);
        lock (locks[bucket % locks.Length])
        {
            foreach (ref var slot in slots.AsSpan(bucket * SlotsPerBucket, SlotsPerBucket))
            {
                if (slot.Window == window && slot.Key == key)
                {
                    return slot.Count == int.MaxValue ? slot.Count : ++slot.Count;
                }
            }

            foreach (ref var slot in slots.AsSpan(bucket * SlotsPerBucket, SlotsPerBucket))
            {
                if (slot.Window != window)
                {
                    slot = new Slot { Key = key, Window = window, Count = 1 };
                    return 1;
                }
            }

            return 0;
        }
    }

    private readonly record struct Key(Guid Partner, Guid Customer, int Api);

    private struct Slot
    {
        public Key Key;
        public long Window;
        public int Count;
    }
}
