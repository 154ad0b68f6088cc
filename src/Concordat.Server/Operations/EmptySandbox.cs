using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Empties every table of the sandbox's database; only the sandbox can reach it.</summary>
internal sealed class EmptySandbox : Operation<bool>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of("directory")];

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx)
    {
        await SandboxTables.EmptyAsync(tx);
        return true;
    }
}
