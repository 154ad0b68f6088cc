using Concordat.Core;
using Concordat.Core.Ledger;
using Concordat.Core.Policy;
using Concordat.Server.Operations.Sequencing;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Gives the ledger another signing key, and announces it by an entry that the present key will sign.</summary>
internal sealed class RotateLedgerKey(OperationContext context, LedgerKeys keys) : Operation<VerifierKey>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of("ledger")];

    public override PartnerScope Scope => PartnerScope.None;

    protected override async ValueTask<Outcome<VerifierKey>> DecideAsync(Tx tx)
    {
        var made = await keys.MakeAsync(tx);
        var entry = new LedgerEntry
        {
            Id = new EntryId(context.Ids.NewId()),
            Kind = "key.rotated",
            At = context.PolicyNow(PartnerEnvironment.Production),
            Recorded = context.Clocks.Wall.GetUtcNow(),
            Policy = Evidence.PolicyVersion,
            Key = made.ToString(),
        };
        var bytes = entry.ToBytes();
        await LedgerRows.AddAsync(tx, entry.Id, bytes, LeafHash.Of(bytes));
        return made;
    }
}
