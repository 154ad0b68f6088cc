using System.Collections.Concurrent;
using Concordat.Core;

namespace Concordat.Server.Hosting;

/// <summary>Says in the log that a partner still confirms the legacy way: once an hour for each, so that nothing drowns in it.</summary>
internal sealed class LegacyWarnings(TimeProvider wall, ILogger log)
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<PartnerId, DateTimeOffset> last = new();

    /// <summary>When the partner last confirmed so, to the hour, as far as this process knows.</summary>
    public DateTimeOffset? LastOf(PartnerId partner) => last.TryGetValue(partner, out var at) ? at : null;

    public void Add(PartnerId partner, string requestId)
    {
        var now = wall.GetUtcNow();
        var mine = last.AddOrUpdate(partner, now, (_, before) => now - before >= Every ? now : before);
        // Another thread of the same instant may warn too: twice is no harm.
        if (mine == now)
        {
            LogEvents.LegacyConfirmation(log, partner, requestId);
        }
    }
}
