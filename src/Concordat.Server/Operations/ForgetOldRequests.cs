using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Forgets the request ids and the sessions that are past their time, by the wall clock; answers how many.</summary>
internal sealed class ForgetOldRequests(OperationContext context) : Operation<int>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of("retention")];

    public override PartnerScope Scope => PartnerScope.Everything;

    protected override async ValueTask<Outcome<int>> DecideAsync(Tx tx) =>
        await IdempotencyRows.ForgetOldAsync(tx, context.Clocks.Wall.GetUtcNow())
        + await SessionRows.ForgetOldAsync(tx, context.Clocks.Wall.GetUtcNow() - SessionRows.Longest);
}
