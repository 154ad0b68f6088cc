using System.Collections.Concurrent;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;

namespace Concordat.Server.Operations;

/// <summary>
/// How many active customers of a partner have which standing, counted in memory. A count is kept while nothing changes; when
/// something does, it is repeated, but never takes more than a twentieth of one processor.
/// </summary>
internal sealed class StandingCensus(StandingCache cache, PolicyTimeline timeline, TimeProvider wall)
{
    private const int RestPerCount = 19;

    private readonly ConcurrentDictionary<PartnerId, Counted> counted = new();

    private sealed record Counted(IReadOnlyDictionary<Standing, long> Standings, long Changes, long At, TimeSpan Took);

    /// <summary>
    /// The counts, with standings put together that no rule of the timeline tells apart; null until the cache is complete.
    /// </summary>
    public IReadOnlyDictionary<Standing, long>? Of(PartnerId partner)
    {
        if (!cache.Complete)
        {
            return null;
        }

        // Before the count, so that what changes meanwhile has it repeated.
        var changes = cache.Changes;
        if (counted.TryGetValue(partner, out var before)
            && (before.Changes == changes || wall.GetElapsedTime(before.At) < before.Took * RestPerCount))
        {
            return before.Standings;
        }

        var start = wall.GetTimestamp();
        var standings = cache.CountOf(partner, standing => timeline.Alike(standing));
        var end = wall.GetTimestamp();
        counted[partner] = new Counted(standings, changes, end, wall.GetElapsedTime(start, end));
        return standings;
    }
}
