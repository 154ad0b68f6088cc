using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations.Sequencing;

/// <summary>What the sequencer writes where the process is alone with its database: through the one writing connection, by itself.</summary>
internal sealed class WriteLedger<T>(Func<Tx, ValueTask<T>> write) : Operation<T>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of("ledger")];

    public override PartnerScope Scope => PartnerScope.None;

    public override bool RunsAlone => true;

    protected override async ValueTask<Outcome<T>> DecideAsync(Tx tx) => await write(tx);
}
