using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Empties every table of the sandbox's database; only the sandbox can reach it.</summary>
internal sealed class EmptySandbox : Operation<bool>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of("directory")];

    public override PartnerScope Scope => PartnerScope.Everything;

    /// <summary>A neighbour would write about customers that it read before they went.</summary>
    public override bool RunsAlone => true;

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx)
    {
        await SandboxTables.EmptyAsync(tx);
        return true;
    }
}
