using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>What operations work with: the seams for time and ids, the subjects' vault, the timeline, the known standings, lasting links.</summary>
internal sealed record OperationContext(
    Database Database, CommitLoop Loop, Clocks Clocks, IdSource Ids, SubjectVault Vault, StandingCache Standings, PolicyTimeline Timeline,
    TextLinks TextLinks)
{
    /// <summary>Counts the known standings.</summary>
    public StandingCensus Census { get; } = new(Standings, Timeline, Clocks.Wall);

    /// <summary>Now by the policy clock of that environment.</summary>
    public DateTimeOffset PolicyNow(PartnerEnvironment environment) => Clocks.Policy(environment).GetUtcNow();
}
